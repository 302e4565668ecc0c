"""Small networks that meet, between them, every claim about networks of the simulator: valid parameters, beside those
drawn at random."""

from __future__ import annotations

from typing import Any

SMALL: dict[str, Any] = {
    "block": "mlp", "order": "literal", "norm": "none", "layers_per_block": 1, "activation": "tanh", "depth": 1,
    "width": 4, "gain": "torch", "bias": "torch", "branch_scale": 1.0, "batch": 4, "cotangent": "loss", "seeds": 1,
}  # fmt: skip
OVERFLOWS: dict[str, Any] = {
    "depth": 7, "order": "pre", "activation": "gelu", "layers_per_block": 2, "width": 8, "gain": 1000.0,
    "bias": "normal", "branch_scale": 100.0, "batch": 12, "dtype": "float32",
}  # fmt: skip
SIGNALS: list[dict[str, Any]] = [
    {},
    {"gain": 1e-06},
    {"gain": 1000.0},
    {"bias": "normal", "depth": 3},
    {"depth": 5, "activation": "linear", "gain": 1000.0, "branch_scale": 0.5},
    {"depth": 5, "norm": "batch", "cotangent": "random"},
    {"depth": 40, "order": "post", "activation": "sigmoid", "bias": "normal"},
    {"depth": 7, "order": "post", "activation": "sigmoid", "gain": 1e-06, "dtype": "float32"},
    {"order": "post", "activation": "gelu", "width": 1, "branch_scale": 100.0, "seeds": 2},
    {"order": "post", "activation": "gelu", "width": 1, "branch_scale": 0.5, "layers_per_block": 2, "gain": 10.0}
    | {"batch": 12, "cotangent": "random"},
    {"activation": "relu", "width": 2, "gain": 3.0, "branch_scale": 100.0, "cotangent": "random"},
    {"depth": 2, "order": "post", "activation": "linear", "layers_per_block": 2, "gain": 1000.0, "batch": 2}
    | {"bias": "normal"},
    OVERFLOWS,
]
ROADS: list[dict[str, Any]] = [
    {"order": "open", "branch_scale": 0.5, "cotangent": "random", "strong": 5.0},
    {"activation": "relu", "depth": 3, "strong": 1000.0},
    {"order": "post", "layers_per_block": 2, "activation": "relu", "width": 1, "strong": 5.0},
    {"order": "post", "norm": "batch", "depth": 3, "strong": 5.0},
    {"norm": "batch", "layers_per_block": 2, "depth": 2, "width": 1, "cotangent": "random", "strong": 5.0},
    {"activation": "linear", "depth": 3, "width": 8, "branch_scale": 100.0, "strong": 5.0},
    {"block": "conv", "depth": 2, "strong": 0.5},
    {"order": "open", "norm": "batch", "layers_per_block": 2, "depth": 3, "width": 2, "gain": 2.0, "strong": 2.0}
    | {"branch_scale": -0.5, "cotangent": "random", "quiet": 1.0},
    {"order": "post", "activation": "sigmoid", "depth": 5, "width": 16, "strong": 1.0},
    {"layers_per_block": 2, "depth": 12, "width": 2, "bias": "normal", "strong": 5.0},
    {"activation": "linear", "depth": 12, "gain": 10.0, "quiet": 0.3, "strong": 5.0},
    {"order": "post", "norm": "batch", "layers_per_block": 2, "activation": "gelu", "depth": 12, "width": 8}
    | {"branch_scale": 0.1, "quiet": 0.0, "strong": 5.0},
]
ROUTES: list[dict[str, Any]] = [
    {"norm": "batch", "activation": "linear", "width": 8, "gain": "he", "batch": 2, "cotangent": "random"},
    {"activation": "relu", "width": 2, "gain": 3.0, "branch_scale": 100.0, "cotangent": "random"},
    {"order": "pre", "activation": "gelu", "depth": 2, "width": 2, "gain": 0.1, "bias": "normal"}
    | {"branch_scale": 100.0, "batch": 2},
    {"order": "open", "depth": 7, "width": 8, "batch": 12},
    {"order": "post", "gain": 1000.0},
    {"activation": "relu", "depth": 3, "gain": 1000.0},
    {"depth": 7, "branch_scale": "1/sqrt(depth)"},
    OVERFLOWS,
]
GAINS: list[dict[str, Any]] = [
    {"activation": "relu", "width": 2, "bias": "normal", "batch": 2},
    {"order": "pre", "width": 8, "gain": "he", "branch_scale": 0.5},
    {"order": "pre", "norm": "batch", "gain": 10.0},
    {"layers_per_block": 2},
    {"order": "post", "depth": 5, "width": 1, "branch_scale": -1.0},
    {"activation": "linear", "width": 16, "gain": 1.0, "batch": 12},
    {"order": "open", "depth": 7, "width": 8, "gain": 10.0, "seeds": 2},
]
