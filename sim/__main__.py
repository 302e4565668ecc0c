"""`python -m sim EXPERIMENT|all|list [--params F] [--set key=value …] [--json OUT|-]`."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from sim import everything, params, store
from sim.records import atomic
from sim.records.codec import to_json
from sim.registry import EXPERIMENTS
from sim.show import show
from sim.work.streams import speak_anyhow

BAD_INPUT, INTERRUPTED = 2, 130


class RefusedError(Exception):
    """Input that cannot be used; the message is for the user."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise RefusedError(f"{message}; see python -m sim --help")


def parser() -> Parser:
    names = "\n".join(f"  {experiment.name:<12}{experiment.summary}" for experiment in EXPERIMENTS.values())
    out = Parser(
        prog="python -m sim",
        description="Run an experiment of the simulator, or read it from the store, and print a table.",
        epilog=f"experiments:\n{names}\n  {'all':<12}every one with its defaults\n  {'list':<12}name them\n"
        f"  {'bench':<12}measure what the simulator costs",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    out.add_argument("experiment", metavar="EXPERIMENT", help="which experiment, or all, list or bench")
    out.add_argument("--params", metavar="F", help="a TOML file with the keys to change")
    out.add_argument(
        "--set", metavar="key=value", action="append", default=[], help="change one key, e.g. depth=56; repeatable"
    )
    out.add_argument(
        "--json", metavar="OUT", help="write the whole record as JSON to a file; - for standard output alone"
    )
    return out


def run(arguments: Sequence[str]) -> None:
    """Do what the command line says. Raises RefusedError, ParamsError or StoreError."""
    options = parser().parse_args(arguments)
    if options.experiment == "list":
        for experiment in EXPERIMENTS.values():
            print(f"{experiment.name:<12}{experiment.summary}")
        return
    if options.experiment == "all":
        if options.json is not None:
            raise RefusedError("--json takes one record; name an experiment instead of all")
        print(everything.summary(*everything.everything(params.load(options.params, options.set))))
        return
    if options.experiment == "bench":
        from sim.bench import bench

        bench()
        return
    if options.experiment not in EXPERIMENTS:
        near = difflib.get_close_matches(options.experiment, EXPERIMENTS, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise RefusedError(
            f"unknown experiment {options.experiment!r}{hint}; there are: {', '.join(EXPERIMENTS)}, all, list, bench"
        )
    experiment = EXPERIMENTS[options.experiment]
    if options.json not in (None, "-"):
        _refuse_hopeless(Path(options.json))
    tree = params.load(options.params, options.set, section=experiment.name)
    record = store.fetch(experiment.name, experiment.params(tree))
    if options.json == "-":
        print(to_json(record))
        return
    show(record)
    if options.json is not None:
        _write(Path(options.json), record)


def _refuse_hopeless(out: Path) -> None:
    """Say that a file cannot be written before anything is computed for it."""
    if out.is_dir():
        raise RefusedError(f"--json {out}: is a directory; give a file, or - for standard output")
    if not out.parent.is_dir():
        raise RefusedError(f"--json {out}: there is no folder {out.parent}; make it, or give another file")


def _write(out: Path, record: Any) -> None:
    try:
        atomic.write(out, (to_json(record) + "\n").encode())
    except OSError as error:
        raise RefusedError(f"--json {out}: cannot be written ({error.strerror or error}); give another file") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, 2 for input that cannot be used (one message on stderr), 130 for Ctrl-C."""
    speak_anyhow()
    try:
        run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except (RefusedError, params.ParamsError, store.StoreError, everything.FailedError) as error:
        print(f"error: {error}" if "\n" not in str(error) else f"errors:\n{error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("interrupted; nothing half-written was left behind", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
