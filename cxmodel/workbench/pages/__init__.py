"""The pages of the workbench, a module each with a `show`."""
