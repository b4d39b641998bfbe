"""The page: what the reader chooses becomes a scenario, the scenario a result, the result a picture.

    streamlit run app.py

Worker processes read this file again as they start, so it does nothing but under its own name.
"""


def main() -> None:
    from cxmodel.workbench import shell

    shell.run()


if __name__ == "__main__":
    main()
