"""Networks of one's own on the page: what `atajos measure` recorded, as the page's journeys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scenes.kit.errors import UsageError
from scenes.kit.reading.agreement import digits_of_logs, logs_of
from sim.own.file import load
from sim.records.shapes import RecordError


@dataclass(frozen=True)
class OwnNetwork:
    """A tab of the page: `content` for JSON, and the number of blocks of its deepest stop."""

    content: dict[str, Any]


def own_network(path: Path) -> OwnNetwork:
    """The tab of one file. Raises UsageError if it is none of `atajos measure`."""
    try:
        records = load(path)
    except FileNotFoundError:
        raise UsageError(f"--network: there is no file {path}; atajos measure --out makes one") from None
    except RecordError as error:
        raise UsageError(f"--network {error}") from None
    stops = [_stop(record) for record in records]
    return OwnNetwork({"name": records[0].name or path.stem, "file": path.name, "stops": stops})


def _stop(record: Any) -> dict[str, Any]:
    given = dict(record.params)
    blocks: Sequence[Any] = record.blocks
    with np.errstate(all="ignore"):
        each, told = logs_of(record), np.log10(record.weight_gradient)
        told -= told[..., -1:].copy()
        weights = record.mean_log10_weights()
        share = np.where(np.isnan(record.skip_share).all(0), np.nan, np.nan_to_num(record.skip_share).mean(0))
    return {
        "label": _label(given, len(blocks)),
        "examples": given.get("batch"),
        "found": record.sums.get("found"),
        "kept": record.sums.get("kept"),
        "journey": {
            "depth": len(blocks),
            "log10": _plain(record.mean_log10_relative()),
            "each": _plain(each),
            "digits": [digits_of_logs(row).tolist() for row in each],
            "weights": _plain(weights),
            "weightDigits": [digits_of_logs(row).tolist() for row in told],
            "share": _plain(share),
            "layers": [max(1, int(block.get("layers", 1))) for block in blocks],
            "skips": [block.get("kind") != "none" for block in blocks],
            "names": [str(block.get("name", "")) for block in blocks],
            "seeds": len(record.seeds),
            "of": len(record.seeds),
        },
    }


def _label(given: dict[str, Any], depth: int) -> str:
    """What a stop of a varied argument is called: depth=8; else its number of blocks."""
    varied = given.get("vary")
    if isinstance(varied, list | tuple) and varied:
        key = str(varied[0])
        value = given.get("kwargs", {}).get(key)
        if value is not None:
            return f"{key}={value}"
    return str(depth)


def _plain(numbers: Any) -> Any:
    """Lists for JSON, which knows no infinity: what is not finite as JavaScript's words for it."""
    if isinstance(numbers, np.ndarray):
        numbers = numbers.tolist()
    if isinstance(numbers, list):
        return [_plain(one) for one in numbers]
    if math.isfinite(numbers):
        return numbers
    return "NaN" if math.isnan(numbers) else "Infinity" if numbers > 0 else "-Infinity"
