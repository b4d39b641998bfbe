"""The page, served by `streamlit run app.py`: choices become a scenario, the scenario a result, that a picture."""


def main() -> None:
    from cxmodel.workbench import main as shell

    shell.run()


if __name__ == "__main__":  # drawn
    main()
else:  # served
    from streamlit.starlette import App

    from cxmodel.workbench.server import quiet_end, routes

    app = App(__file__, routes=routes(), lifespan=quiet_end)
