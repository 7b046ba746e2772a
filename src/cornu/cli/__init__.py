"""The command line: `cornu run SCRIPT`, `cornu info`. Parses the arguments and calls one function for each command."""

import argparse
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command of `cornu`; the exit status. Args: arguments: default those of the process."""
    parser = argparse.ArgumentParser(
        prog="cornu", description="Runs Keras and TensorFlow 2 scripts on Cornu, without TensorFlow."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run",
        help="run a script in which `import tensorflow` and `import keras` give Cornu",
        usage="cornu run [--report] (SCRIPT | -m MODULE | -c CODE) [ARGUMENT ...]",
    )
    run.add_argument(
        "--report", action="store_true", help="end with the names that the script asked for and Cornu lacks"
    )
    what = run.add_mutually_exclusive_group()
    what.add_argument("-m", dest="module", metavar="MODULE", help="run a module, as `python -m` does")
    what.add_argument("-c", dest="code", metavar="CODE", help="run a program given as text")
    run.add_argument("rest", nargs=argparse.REMAINDER, metavar="SCRIPT [ARGUMENT ...]")
    commands.add_parser("info", help="show versions, devices and folders")
    given = parser.parse_args(arguments)
    if given.command == "info":
        from cornu.cli.info import info

        print(info())
        return 0
    from cornu.cli.run import run_module, run_script, run_text

    if given.module is not None:
        return run_module(given.module, given.rest, given.report)
    if given.code is not None:
        return run_text(given.code, given.rest, given.report)
    if not given.rest:
        run.error("expected a script: cornu run SCRIPT [ARGUMENT ...]")
    return run_script(given.rest[0], given.rest[1:], given.report)


if __name__ == "__main__":
    sys.exit(main())
