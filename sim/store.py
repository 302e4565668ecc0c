"""The store: every record computed once, found again by what it was computed from.

A record lies in `<experiment>-<key>.npz`, the key being the SHA-256 of the experiment's name, the parameters in
canonical form and the digest of the experiment's source. A file is believed only if it says the same three things
inside and its content still has the digest it was written with.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from sim import paths
from sim.params import canonical
from sim.records import atomic, source
from sim.records.codec import digest, digest_of, from_arrays, to_arrays
from sim.registry import EXPERIMENTS, Experiment

__all__ = ["StoreError", "digest", "fetch", "folder", "holds", "path_of"]
LABEL = "store_label"  # the entry, beside the record's fields, that says what the file is


class StoreError(OSError):
    """A record cannot be kept. The message says where, why, and what to do."""


def folder() -> Path:
    """Where records are kept."""
    return paths.records()


def fetch(experiment: str, params: BaseModel) -> Any:
    """The record of an experiment at some parameters: read if it is in the store, else computed and kept.

    torch is imported only in the second case. Raises KeyError for an unknown experiment and StoreError if the store
    cannot be written.
    """
    found = EXPERIMENTS[experiment]
    path = path_of(experiment, params)
    record = _read(path, found, params)
    if record is None:
        _make_room(path.parent)
        record = found.function()(params)
        _write(path, record, _label(experiment, params))
    return record


def holds(experiment: str, params: BaseModel) -> bool:
    """Whether a sound record is there: `fetch` would read and not compute it."""
    return _read(path_of(experiment, params), EXPERIMENTS[experiment], params) is not None


def path_of(experiment: str, params: BaseModel) -> Path:
    """The file of a record, whether it is there or not."""
    key = hashlib.sha256(json.dumps(_label(experiment, params), sort_keys=True).encode()).hexdigest()
    return folder() / f"{experiment}-{key}.npz"


def _label(experiment: str, params: BaseModel) -> dict[str, str]:
    return {"experiment": experiment, "params": canonical(params), "source": source.digest(experiment)}


def _read(path: Path, experiment: Experiment, params: BaseModel) -> Any | None:
    """The record in a file; None if there is none or, with a warning on stderr, if the file cannot be trusted."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        label = json.loads(str(arrays.pop(LABEL)))
        content = label.pop("content")
        if label != _label(experiment.name, params):
            raise ValueError("it is the record of something else")
        if digest_of(arrays) != content:
            raise ValueError("its content has changed since it was written")
        record = from_arrays(experiment.record, arrays, sound=True)
    except FileNotFoundError:
        return None
    except Exception as error:  # whatever a broken file may raise, the answer is the same
        print(
            f"warning: {path}: damaged or foreign record ({error or type(error).__name__}); computing it anew",
            file=sys.stderr,
        )
        return None
    return record


def _make_room(directory: Path) -> None:
    """Create the store's folder and try it, before an hour is spent on what cannot be kept."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        trial = directory / f".trial-{os.getpid()}"
        atomic.write(trial, b"")
        trial.unlink()
    except OSError as error:
        raise _refusal(directory, error) from error


def _write(path: Path, record: Any, label: dict[str, str]) -> None:
    arrays = to_arrays(record)
    arrays[LABEL] = np.array(json.dumps({**label, "content": digest(record)}, sort_keys=True))
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    try:
        atomic.write(path, buffer.getvalue())
    except OSError as error:
        raise _refusal(path, error) from error


def _refusal(path: Path, error: OSError) -> StoreError:
    reason = error.strerror or str(error)
    return StoreError(
        f"{path}: the record cannot be kept ({reason}); "
        "free some space, or let ATAJOS_STORE name a folder that can be written"
    )
