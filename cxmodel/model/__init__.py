"""The mathematics of customer experience: pure functions of arrays, one module per idea.

Nothing here knows of SimPy, pydantic, files or chance. Numbers in brackets refer to the equations of the page Guide.
"""
