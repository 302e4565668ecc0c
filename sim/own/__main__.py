"""`python -m sim.own FOLDER`: somebody's own code, run in a process of its own.

FOLDER/request.json says what to do. Data alone goes back: FOLDER/records.npz, or FOLDER/list.json, or
FOLDER/refused.txt with the message for the user, and exit code 2. What the code prints goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.own.errors import RefusedError
from sim.own.file import save
from sim.own.target import blamed, found

REQUEST, RECORDS, LIST, REFUSED = "request.json", "records.npz", "list.json", "refused.txt"


def main(folder: Path) -> int:
    """The exit code: 0, or 2 with a message."""
    sys.stdout.flush()
    os.dup2(2, 1)
    request = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    try:
        answer(request, folder)
    except (RefusedError, RecursionError, Exception, SystemExit) as error:
        own = isinstance(error, RefusedError)
        if request.get("debug") and not own:
            traceback.print_exc()
        (folder / REFUSED).write_text(str(error) if own else blamed(error), encoding="utf-8")
        return 2
    return 0


def answer(request: dict[str, Any], folder: Path) -> None:
    """Do what was asked. Raises RefusedError, and whatever the user's code raises."""
    from sim.own.measure import look, measure

    target = found(request["target"])
    batch, loss = function_or_word(request["input"]), function_or_word(request["loss"])
    stops = [{request["vary"][0]: value} for value in request["vary"][1]] if request["vary"] else [{}]
    builds = [bound(target, {**request["kwargs"], **stop}) for stop in stops]
    if request["list"]:
        rows = look(builds[0], batch, request["batch"], request["dtype"], request["add_shortcuts"])
        (folder / LIST).write_text(json.dumps(rows), encoding="utf-8")
        return
    records = [
        measure(
            build,
            batch,
            examples=request["batch"],
            seeds=request["seeds"],
            dtype=request["dtype"],
            loss=loss,
            blocks=request["blocks"],
            add_shortcuts=request["add_shortcuts"],
            name=request["name"] or request["target"].rpartition(":")[2],
            told={name: request[name] for name in ("target", "input", "loss")}
            | {"kwargs": {**request["kwargs"], **stop}, "vary": request["vary"]},
            say=print,
        )
        for build, stop in zip(builds, stops, strict=True)
    ]
    save(folder / RECORDS, records)


def bound(target: Callable[..., Any], kwargs: dict[str, Any]) -> Callable[[], Any]:
    return lambda: target(**kwargs)


def function_or_word(text: str) -> Any:
    """A function, if text names one; else text itself: a SPEC, or the name of a loss."""
    place = text.rpartition(":")[0]
    return found(text) if place.endswith(".py") or "." in place else text


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
