"""The workbench: the page, the choices it keeps and the runs it plays. The only room that knows Streamlit."""
