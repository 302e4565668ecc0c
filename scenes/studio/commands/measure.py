"""`atajos measure`: the gradient's journey through anybody's network, with its shortcuts and without them.

The user's code runs in a process of its own; what comes back is data, and torch is not imported here.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from scenes.kit.errors import UsageError
from sim.own.__main__ import LIST, RECORDS, REFUSED, REQUEST
from sim.own.file import load, save
from sim.own.record import NetworkRecord
from sim.paths import PACKAGES
from sim.records import atomic
from sim.records.codec import to_json

SOME = click.IntRange(1, 4096)


@click.command()
@click.argument("target")
@click.option("--input", "spec", metavar="SPEC", required=True, help="what is sent through it; see below")
@click.option("--kwargs", metavar="K=V", multiple=True, help="an argument of the callable, depth=8; repeatable")
@click.option("--blocks", metavar="GLOB", multiple=True, help="only blocks of such names; repeatable")
@click.option("--add-shortcuts", metavar="GLOB", help="make modules F of such names x + F(x)")
@click.option("--loss", metavar="L", default="random", help="random (default), cross-entropy, or a function")
@click.option("--batch", type=SOME, default=16, help="examples, 16 unless told")
@click.option("--seeds", type=click.IntRange(1, 1000), default=1, help="networks, each with its own weights")
@click.option("--dtype", type=click.Choice(["float64", "float32"]), default="float64", help="float64 unless told")
@click.option("--vary", metavar="K=V,V,…", help="measure at several values of an argument: depth=8,20,56")
@click.option("--name", metavar="TEXT", default="", help="what to call it; the callable's name unless told")
@click.option("--list", "listed", is_flag=True, help="only list the residual sums that are found")
@click.option("--out", metavar="NAME.npz", type=click.Path(path_type=Path), help="keep the record in this file")
@click.option(
    "--json", "as_json", metavar="OUT", help="write the record as JSON to a file; - for standard output alone"
)
def measure(
    target: str,
    spec: str,
    kwargs: Sequence[str],
    blocks: Sequence[str],
    vary: str | None,
    listed: bool,
    out: Path | None,
    as_json: str | None,
    **asked: Any,
) -> None:
    """Measure the gradient in a torch network of yours, with its shortcuts and without, at the same weights.

    TARGET is package.module:callable or file.py:callable; called with --kwargs it gives the module. This runs your
    code, in a process of its own.

    \b
    --input takes vector:64, image:3x32x32, digits, digits:3x32x32, tokens:VOCABULARY:LENGTH, sequence:LENGTHxWIDTH,
    or a function of (seed, examples) that gives a tensor, a tuple of arguments or a dict. --loss takes a function of
    the output that gives the loss, summed over examples.

    \b
    Examples:
      atajos measure mynet.py:build --input image:3x32x32 --list
      atajos measure mynet.py:build --input image:3x32x32 --kwargs depth=8 --out mynet.npz
      atajos measure torch.nn:TransformerEncoderLayer --input sequence:8x32 --kwargs d_model=32 --kwargs nhead=4
    """
    for path in (out, Path(as_json) if as_json not in (None, "-") else None):
        refuse_hopeless(path)
    request = {
        **{"target": target, "input": spec, "blocks": list(blocks), "list": listed, **asked},
        **{"kwargs": dict(pair("--kwargs", text) for text in kwargs), "vary": stops(vary)},
        "debug": bool(os.environ.get("ATAJOS_DEBUG")),
    }
    click.echo(f"running {target}: your code, in a process of its own", err=True)
    with tempfile.TemporaryDirectory(prefix="atajos-measure-") as folder:
        ask(request, Path(folder))
        if listed:
            from sim.own.table import show_blocks

            rows = json.loads((Path(folder) / LIST).read_text(encoding="utf-8"))
            show_blocks(rows) if as_json is None else write_json(as_json, json.dumps(rows))
            return
        records = load(Path(folder) / RECORDS)
    tell(records, out, as_json)


def ask(request: dict[str, Any], folder: Path) -> None:
    """Have a request answered by a child process, into a folder. Raises UsageError with the child's message."""
    (folder / REQUEST).write_text(json.dumps(request), encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(PACKAGES), os.environ.get("PYTHONPATH")]))
    # Of 1 MiB on, glibc gives memory back when it is let go, in large pages: a ResNet-110 takes 1.2 GB and not 2.9.
    frugal = {"MALLOC_MMAP_THRESHOLD_": str(2**20), "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
    environment = {**frugal, **os.environ, "PYTHONPATH": path}
    # -P: what lies in the user's folder hides no module of ours.
    done = subprocess.run([sys.executable, "-P", "-m", "sim.own", str(folder)], env=environment, check=False)
    if done.returncode == 0:
        return
    refused = folder / REFUSED
    if done.returncode == 2 and refused.is_file():
        raise UsageError(refused.read_text(encoding="utf-8"))
    if done.returncode in (-9, 137):
        raise UsageError(
            f"{request['target']}: the process was killed, for want of memory most likely; take a smaller --batch"
        )
    raise UsageError(f"{request['target']}: the process with your code ended with code {done.returncode}; see above")


def tell(records: Sequence[NetworkRecord], out: Path | None, as_json: str | None) -> None:
    """Records as a table, as JSON (several: a list of them), and as a file."""
    if out is not None:
        save(out, records)
        click.echo(out.resolve(), err=as_json == "-")
    if as_json is not None:
        texts = [to_json(record) for record in records]
        write_json(as_json, texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]")
    if as_json != "-":
        from sim.own.table import show_network

        for record in records:
            show_network(record)


def write_json(out: str, text: str) -> None:
    if out == "-":
        click.echo(text)
    else:
        atomic.write(Path(out), f"{text}\n".encode())


def pair(option: str, text: str) -> tuple[str, Any]:
    """K=V, the value a Python literal if it can be read as one, else text. Raises UsageError."""
    key, sign, value = text.partition("=")
    if not sign or not key.isidentifier():
        raise UsageError(f"{option} {text}: must be name=value")
    return key, literal(value)


def literal(text: str) -> Any:
    """A number, True, None, "text" or a list of such as Python reads them; anything else is text as it stands."""
    try:
        value = ast.literal_eval(text)
        json.dumps(value)
    except (ValueError, SyntaxError, TypeError):
        return text
    return value


def stops(vary: str | None) -> list[Any] | None:
    """The name and the values of --vary. Raises UsageError."""
    if vary is None:
        return None
    key, values = pair("--vary", vary)
    text = vary.partition("=")[2]
    found = list(values) if isinstance(values, tuple) else [literal(one) for one in text.split(",")]
    if len(found) < 2:
        raise UsageError(f"--vary {vary}: must have several values: {key}=8,20,56")
    return [key, found]


def refuse_hopeless(path: Path | None) -> None:
    """Say that a file cannot be written before anything is computed for it. Raises UsageError."""
    if path is None:
        return
    if path.is_dir():
        raise UsageError(f"{path}: is a directory; give a file")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}; make it, or give another file")
