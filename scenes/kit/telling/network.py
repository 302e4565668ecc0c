"""What was measured, in one line of small type: network, input, seeds."""

from __future__ import annotations

from typing import Any

from scenes.kit.claims import signals
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.reading.networks import Journey
from scenes.kit.telling.narration import Narration


def layers(net: Any, narration: Narration) -> tuple[list[list[str]], str]:
    """What each layer of a block does, in the order it acts, and what acts after the sum (nothing: ``""``).

    ``net`` is a section with the keys block, order, norm, layers_per_block and activation.
    """

    def word(key: str) -> str:
        return narration.text(f"network.{key}")

    weight = [word("conv_layer" if net.block == "conv" else "linear_layer")]
    norm = [word("norm")] if net.norm == "batch" else []
    act = [word(net.activation)] if net.activation != "linear" else []
    match net.order:
        case "literal":
            return [[*weight, *norm, *act]] * net.layers_per_block, ""
        case "pre":
            return [[*norm, *act, *weight]] * net.layers_per_block, ""
        case _:  # open, post: the last layer has no activation of its own
            inner = [[*weight, *norm, *act]] * (net.layers_per_block - 1)
            return [*inner, [*weight, *norm]], "".join(act) if net.order == "post" else ""


def beta_of(record: Any, numbers: Numbers) -> str:
    """β of a record's blocks, as it is written."""
    return numbers.significant(signals.scale_of(record))


def residual_name(record: Any, narration: Narration) -> str:
    """What the residual network is called beside the plain one: it has the same weights, but its branches may be
    weighed."""
    if signals.scaled(record):
        return narration.text("same_weights_scaled", beta=beta_of(record, narration.numbers))
    return narration.text("same_weights")


def describe(net: Any, narration: Narration, seeds: str = "seeds") -> str:
    """A network of a ``profile`` section in the language of ``narration``; ``seeds`` is the key that says what was made
    of several: their mean, or nothing."""

    def word(key: str, **fields: object) -> str:
        return narration.text(f"network.{key}", **fields)

    parts, after = layers(net, narration)
    if len(parts) == 2 and parts[0] == parts[1]:
        block = f"[{', '.join(parts[0])}]×2"
    else:
        block = f"[{', '.join([*(name for part in parts for name in part), *([word('sum'), after] if after else [])])}]"
    size = word("channels" if net.block == "conv" else "units", width=net.width)
    drawn = word("one_seed") if net.seeds == 1 else word(seeds, count=net.seeds)
    return word("line", depth=net.depth, block=block, size=size, input=word(net.input), seeds=drawn)


FOLLOWING = {  # what autograd calls what may follow a sum, and the key of its name; what is not here has none
    **{"Relu": "relu", "Tanh": "tanh", "Gelu": "gelu", "Sigmoid": "sigmoid", "Silu": "silu"},
    **{"NativeLayerNorm": "layer_norm", "FusedRmsNorm": "rms_norm", "Rsqrt": "rms_norm"},
    **{"NativeBatchNorm": "batch_norm", "CudnnBatchNorm": "batch_norm", "NativeGroupNorm": "group_norm"},
}


def measured(journey: Journey, narration: Narration) -> str:
    """What a journey leads through, in one line: the simulator's network as :func:`describe` says it, or one's own."""
    if journey.net is not None:
        return describe(journey.net, narration)
    seeds = (
        narration.text("network.one_seed")
        if journey.seeds == 1
        else narration.text("network.seeds", count=journey.seeds)
    )
    return narration.text("own.line", name=journey.name, depth=journey.depth, examples=journey.examples, seeds=seeds)


def following(journey: Journey, narration: Narration) -> str:
    """What acts on every sum before the next block, by name: "ReLU", "LayerNorm"; "" if nothing does."""
    if not journey.tail:
        return ""
    keys = dict.fromkeys(FOLLOWING[one] for one in journey.tail if one in FOLLOWING)
    return " + ".join(narration.text(f"own.after.{key}") for key in keys) or narration.text("own.after.other")


def changed(journey: Journey, narration: Narration) -> str:
    """What stands on shortcuts that hand on something else than they are given: "a projection"; "" without any."""
    return narration.text(f"own.change.{journey.change}") if journey.change else ""


def copied(journey: Journey, narration: Narration) -> str:
    """What may truly be said of what a shortcut hands back: a sentence."""
    words = {"after": following(journey, narration), "change": changed(journey, narration)}
    return narration.text(f"own.copy.{journey.copy}", **words)
