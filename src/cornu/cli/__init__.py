"""The command line: `cornu run | info | inspect | convert`. Parses the arguments and calls one function for each command."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from cornu._base.errors import CornuError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command of `cornu`; the exit status. Args: arguments: default those of the process."""
    parser = argparse.ArgumentParser(
        prog="cornu", description="Runs Keras and TensorFlow 2 scripts, and reads their files, without TensorFlow."
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
    look = commands.add_parser("inspect", help="show what a model, weights or checkpoint file holds")
    look.add_argument(
        "file", metavar="FILE", help="a file, the prefix of a checkpoint, or a folder of one or of a SavedModel"
    )
    look.add_argument("--json", action="store_true", help="print JSON")
    convert = commands.add_parser("convert", help="write a model, or weights, to a file of another format")
    convert.add_argument("source", metavar="SRC", help="a file that `cornu inspect` knows")
    convert.add_argument(
        "target",
        metavar="DST",
        help=".keras or .h5 (models), .weights.h5, .weights.json, .safetensors or .ckpt (weights)",
    )
    convert.add_argument(
        "--architecture",
        metavar="FILE",
        help="the model that weights belong to: a model file, or the JSON of model.to_json()",
    )
    convert.add_argument("--overwrite", action="store_true", help="replace DST if it exists")
    convert.add_argument(
        "--max-shard-size", type=float, metavar="GB", help="of one file beside .weights.json (default: 10)"
    )
    given = parser.parse_args(arguments)
    if given.command == "info":
        from cornu.cli.info import info

        print(info())
        return 0
    if given.command == "inspect":
        from cornu.cli.inspect import report

        return _answer("inspect", lambda: report(given.file, given.json))
    if given.command == "convert":
        from cornu.cli.convert import convert as run_convert

        options = (given.architecture, given.overwrite, given.max_shard_size)
        return _answer("convert", lambda: run_convert(given.source, given.target, *options))
    from cornu.cli.run import run_module, run_script, run_text

    if given.module is not None:
        return run_module(given.module, given.rest, given.report)
    if given.code is not None:
        return run_text(given.code, given.rest, given.report)
    if not given.rest:
        run.error("expected a script: cornu run SCRIPT [ARGUMENT ...]")
    return run_script(given.rest[0], given.rest[1:], given.report)


def _answer(command: str, make: Callable[[], str]) -> int:
    """Print what a command answers, or the one sentence that says why it does not; the exit status."""
    try:
        answer = make()
    except (CornuError, OSError) as error:
        print(f"cornu {command}: {error}", file=sys.stderr)
        return 1
    try:
        print(answer, flush=True)
    except BrokenPipeError:  # the reader has seen enough; Python would complain once more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
