"""`python -m generator`, and the program where it is installed."""

import sys


def main() -> None:
    """Run the command line. A plain `generate` that has nothing to do ends before what commands need is imported."""
    if sys.argv[1:] == ["generate"] and _is_up_to_date():
        return
    from .interpreter.garbage import leave_garbage_to_the_system

    leave_garbage_to_the_system()
    from .cli import main as run

    run()


def _is_up_to_date() -> bool:
    """Whether `generated/` is certainly up to date; then that is said."""
    from .escaping import shown_path
    from .printing import show
    from .project.up_to_date import ROOT, is_up_to_date

    out = f"{ROOT}/generated"
    if not is_up_to_date(ROOT, out):
        return False
    show(f"{shown_path(out)} is up to date.")
    return True


if __name__ == "__main__":
    main()
