"""Records of networks as files that can be handed on: data alone, no pickle, believed by their digest only."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.own.record import NetworkRecord
from sim.records import atomic
from sim.records.codec import digest, from_arrays, to_arrays
from sim.records.shapes import RecordError

FORMAT = "atajos network 2"


def save(path: Path, records: Sequence[NetworkRecord]) -> None:
    """Write the records of one network (several: at the stops of a dial) into one .npz. Raises OSError."""
    arrays = {"format": np.array(FORMAT), "digests": np.array([digest(record) for record in records])}
    for index, record in enumerate(records):
        arrays |= {f"{index}.{name}": value for name, value in to_arrays(record).items()}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    atomic.write(path, buffer.getvalue())


def load(path: Path) -> tuple[NetworkRecord, ...]:
    """The records that `save` wrote; torch is not imported, and nothing in the file is run.

    Raises FileNotFoundError, and RecordError for a file that is something else or was changed.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        kind, _, version = str(arrays.get("format")).rpartition(" ")
        if kind != FORMAT.rpartition(" ")[0]:
            raise RecordError("it is no record of a network")
        if version != FORMAT.rpartition(" ")[2]:
            raise RecordError(f"it was written by another version of atajos (format {version})")
        found = []
        for index, expected in enumerate(arrays["digests"]):
            own = f"{index}."
            own_arrays = {name.removeprefix(own): value for name, value in arrays.items() if name.startswith(own)}
            record = from_arrays(NetworkRecord, own_arrays)
            if digest(record) != str(expected):
                raise RecordError("its content has changed since it was written")
            found.append(record)
    except FileNotFoundError:
        raise
    except Exception as error:  # whatever a broken file may raise, the answer is the same
        told = error if isinstance(error, RecordError) else f"damaged: {type(error).__name__}"
        raise RecordError(f"{path}: {told}; measure the network again with atajos measure") from error
    return tuple(found)
