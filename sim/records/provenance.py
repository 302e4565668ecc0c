"""Where a record comes from: the fields that say what was run, with which parameters, libraries, source, examples."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from pydantic import BaseModel

from sim.records import source


def provenance(experiment: str, params: BaseModel, digests: str | Iterable[str]) -> dict[str, Any]:
    """Fields of a record by name. digests: of every seed's examples, or one of all that all seeds see."""
    seen = digests if isinstance(digests, str) else hashlib.sha256("".join(digests).encode()).hexdigest()
    return {
        "experiment": experiment,
        "params": params.model_dump(mode="json"),
        "versions": {"numpy": np.__version__, "python": platform.python_version(), "torch": torch.__version__},
        "source_digest": source.digest(experiment),
        "data_digest": seen,
    }
