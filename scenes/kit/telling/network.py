"""What was measured, in one line of small type: network, input, seeds."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from scenes.kit.claims import signals
from scenes.kit.drawing.numbers import Agreed, Numbers
from scenes.kit.reading.agreement import known_digits, logs_of
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


def agreed(numbers: Numbers, record: Any) -> Agreed:
    """Numbers that tell of a record's signals as many digits as its seeds agree on."""
    return agreeing(numbers, known_digits(logs_of(record)))


def agreeing(numbers: Numbers, known: tuple[tuple[float, int], ...]) -> Agreed:
    """Numbers that tell of signals as many digits as are known of such ones."""
    return Agreed(**{field.name: getattr(numbers, field.name) for field in fields(Numbers)}, known=known)


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

    drawn = word("one_seed") if net.seeds == 1 else word(seeds, count=net.seeds)
    parts = {"block": block(net, narration), "size": size(net, narration), "input": word(net.input)}
    return word("line", depth=net.depth, **parts, seeds=drawn)


def block(net: Any, narration: Narration) -> str:
    """What stands in a block: [Conv 3×3, ReLU]×2."""
    parts, after = layers(net, narration)
    if len(parts) == 2 and parts[0] == parts[1]:
        return f"[{', '.join(parts[0])}]×2"
    behind = [narration.text("network.sum"), after] if after else []
    return f"[{', '.join([*(name for part in parts for name in part), *behind])}]"


def size(net: Any, narration: Narration) -> str:
    """How wide its layers are."""
    return narration.text(f"network.{'channels' if net.block == 'conv' else 'units'}", width=net.width)


class NoteBlock:
    """A section of what is trained, with the keys that the note's block fixes where it has none of its own: two layers,
    ReLU."""

    def __init__(self, net: Any) -> None:
        self.block, self.order, self.norm, self.width = net.block, net.order, net.norm, net.width
        self.layers_per_block = getattr(net, "layers_per_block", 2)
        self.activation = getattr(net, "activation", "relu")


FOLLOWING = {  # what autograd calls what may follow a sum, and the key of its name; what is not here has none
    **{"Relu": "relu", "Tanh": "tanh", "Gelu": "gelu", "Sigmoid": "sigmoid", "Silu": "silu"},
    **{"NativeLayerNorm": "layer_norm", "FusedRmsNorm": "rms_norm", "Rsqrt": "rms_norm"},
    **{"NativeBatchNorm": "batch_norm", "CudnnBatchNorm": "batch_norm", "NativeGroupNorm": "group_norm"},
}


def measured(journey: Journey, narration: Narration) -> str:
    """What a journey leads through, in one line: the simulator's network as :func:`describe` says it, or one's own."""
    if journey.net is not None:
        return describe(journey.net, narration)
    return named(journey.record, narration)


def named(record: Any, narration: Narration) -> str:
    """A network of one's own in one line."""
    count = len(record.seeds)
    drawn = narration.text("network.one_seed") if count == 1 else narration.text("network.seeds", count=count)
    blocks, examples = len(record.blocks), record.params["batch"]
    return narration.text("own.line", name=record.name, depth=blocks, examples=examples, seeds=drawn)


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
