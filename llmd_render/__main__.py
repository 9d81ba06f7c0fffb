"""Runs the command line as `python -m llmd_render`."""

from .cli import main

if __name__ == "__main__":
    main(prog_name="llmd-render")
