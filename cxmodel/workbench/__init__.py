"""The workbench: the page, the choices it keeps and the jobs it runs. The only room that knows Streamlit.

`jobs`, `worker` and `choice` know no Streamlit, so that worker processes start without it.
"""
