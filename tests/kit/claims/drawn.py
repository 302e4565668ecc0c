"""Valid parameters drawn at random, small enough to be measured in a moment."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

import sim.params
from sim.sections.fields import Section

PARAMETERS = sim.params.load(environ={})
GAINS = st.sampled_from(["torch", "he", 1e-300, 1e-6, 0.5, 3.0, 1000.0]) | st.floats(0.1, 4)
SCALES = st.sampled_from([1.0, "1/sqrt(depth)", -1.0, 0.0, 100.0]) | st.floats(-2, 2)
KEYS: dict[str, st.SearchStrategy[Any]] = {
    "block": st.sampled_from(["mlp", "conv"]),
    "order": st.sampled_from(["literal", "open", "post", "pre"]),
    "norm": st.sampled_from(["none", "batch"]),
    "layers_per_block": st.integers(1, 2),
    "activation": st.sampled_from(["tanh", "relu", "sigmoid", "linear", "gelu"]),
    "depth": st.integers(1, 7) | st.just(40),
    "width": st.sampled_from([1, 2, 4, 16]),
    "gain": GAINS,
    "bias": st.sampled_from(["torch", "normal"]),
    "branch_scale": SCALES,
    "batch": st.integers(2, 12),
    "cotangent": st.sampled_from(["loss", "random"]),
    "seeds": st.integers(1, 3),
    "seed": st.integers(0, 50),
    "dtype": st.sampled_from(["float64", "float32"]),
}


def soon(keys: dict[str, Any]) -> dict[str, Any]:
    """Convolutions take their time: few of them, and narrow ones."""
    small = (
        {"depth": min(keys["depth"], 7), "width": min(keys.get("width", 4), 4)} if keys.get("block") == "conv" else {}
    )
    return keys | small


NETWORKS = st.fixed_dictionaries({}, optional=KEYS).map(lambda keys: soon({"batch": 4, "seeds": 2, "depth": 3} | keys))
LEARNERS = st.fixed_dictionaries(
    {},
    optional={name: KEYS[name] for name in ("block", "order", "norm", "gain", "seed")}
    | {"width": st.integers(1, 4), "seeds": st.integers(1, 3)}
    | {"learning_rates": st.sampled_from([[1e-6], [0.03], [0.003, 0.3], [1000.0], [1e9]])},
)


def small(section: Section, keys: dict[str, Any], **more: Any) -> Any:
    """A table with some of its keys changed."""
    return type(section).model_validate({**section.model_dump(), **keys, **more})
