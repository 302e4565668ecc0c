"""What was measured, in one line of small type: network, input, seeds."""

from __future__ import annotations

from typing import Any

from .narration import Narration


def describe(profile: Any, narration: Narration) -> str:
    """The network of a ``profile`` section in the language of ``narration``, its layers in the order they act."""

    def word(key: str, **fields: object) -> str:
        return narration.text(f"network.{key}", **fields)

    layer = word("conv_layer" if profile.block == "conv" else "linear_layer")
    norm = [word("norm")] if profile.norm == "batch" else []
    act = [word(profile.activation)] if profile.activation != "linear" else []
    count = profile.layers_per_block
    match profile.order:
        case "literal":
            parts, repeat = [layer, *norm, *act], count
        case "pre":
            parts, repeat = [*norm, *act, layer], count
        case _:  # open, post: the last layer has no activation of its own
            parts, repeat = [layer, *norm, *act] * (count - 1) + [layer, *norm], 1
            if profile.order == "post" and act:
                parts += [word("sum"), *act]
    block = f"[{', '.join(parts)}]" + (f"×{repeat}" if repeat > 1 else "")
    size = word("channels" if profile.block == "conv" else "units", width=profile.width)
    seeds = word("one_seed") if profile.seeds == 1 else word("seeds", count=profile.seeds)
    return word("line", depth=profile.depth, block=block, size=size, input=word(profile.input), seeds=seeds)
