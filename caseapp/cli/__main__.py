"""`python -m caseapp.cli` is `caseapp`."""

from caseapp.cli import main

if __name__ == "__main__":
    main(prog_name="caseapp")
