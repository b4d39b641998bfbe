"""The page, served by `streamlit run app.py`: choices become a scenario, the scenario a result, that a picture."""


def main() -> None:
    from cxmodel.workbench import main as shell

    shell.run()


if __name__ == "__main__":
    main()
