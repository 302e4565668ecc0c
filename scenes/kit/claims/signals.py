"""What may be said of a gradient signal and of the network that it was measured in: predicates on profiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.kit.claims.family import Family, Reads, family, itself
from scenes.kit.reading.networks import changes
from sim.records.record import PLAIN, RESIDUAL, Status

FLOOR = -8.0  # log10 of the weakest signal that is drawn
# Upper ends of a signal in log10. What arrives does so within a factor of 2, and what is like another is within it.
BOUNDS = {"vanishes": -3.0, "fades": -0.301, "arrives": 0.301, "grows": 3.0}
HEARD = (*BOUNDS, "explodes")
UNHEARD = ("silent", "zero", "underflows", "lost", "partly")  # there is no number to tell
AVERAGES = (0.8, 1.25)  # factors that are called close to 1, and ratios that are called alike


# what becomes of a signal on its way back


def verdict(log10: float) -> str:
    """What became of a signal that has a number: one of HEARD."""
    return next((word for word, bound in BOUNDS.items() if log10 < bound), "explodes")


def fate(record: Any, skip: int) -> str:
    """What became of the gradient signal of a profile by the time it reaches the input: one of HEARD or UNHEARD.

    silent: none leaves h_L. zero, underflows: it is 0 at h_0, truly or for want of precision. lost: it has overflowed.
    partly: some of the networks drawn have a number and others have none, or not for one reason.
    """
    signal, status = record.gradient_signal[skip], record.signal_status[skip]
    return _fate(signal[:, 0], signal[:, -1], status[:, 0] == Status.UNDERFLOW)


def fate_of_weights(record: Any, skip: int) -> str:
    """The same of what the weights of block 1 are told, beside those of the last block."""
    told, status = record.weight_gradient[skip], record.signal_status[skip]
    return _fate(told[:, 0], told[:, -1], status[:, 1] == Status.UNDERFLOW)


def _fate(first: NDArray[np.float64], last: NDArray[np.float64], faint: NDArray[np.bool_]) -> str:
    """Of signals at both ends, [seed]; faint: where the first is 0 for want of precision."""
    causes = {_cause(float(a), float(z), bool(underflow)) for a, z, underflow in zip(first, last, faint, strict=True)}
    if causes == {""}:
        with np.errstate(all="ignore"):
            return verdict(float(np.mean(np.log10(first) - np.log10(last))))
    return causes.pop() if len(causes) == 1 else "partly"


def _cause(first: float, last: float, underflow: bool) -> str:
    """Why a network has no ratio of signals; nothing, if it has one."""
    if not (np.isfinite(first) and np.isfinite(last)):
        return "lost"
    if last == 0:
        return "silent"
    return "" if first > 0 else "underflows" if underflow else "zero"


def fates(skip: int, read: Reads = itself, which: Callable[[Any, int], str] = fate) -> Family:
    """The claims of a signal's fate, those without a number being one, ``unheard``; ``read`` makes a profile of the
    facts, and ``which`` says whose fate is meant."""

    def word(facts: Any) -> str:
        found = which(read(facts), skip)
        return found if found in HEARD else "unheard"

    return family((*HEARD, "unheard"), word)


def explodes(record: Any, skip: int) -> bool:
    """Whether the signal has grown a thousandfold or more, or out of all numbers."""
    return fate(record, skip) in ("explodes", "lost")


def fallen(record: Any, skip: int) -> int | None:
    """How many blocks the signal has come, from the loss back, when it has first fallen below one percent; None if it
    never does."""
    log10 = record.mean_log10_relative()[skip][::-1]
    below = np.flatnonzero(log10 < -2)
    return int(below[0]) if len(below) else None


def falls_at_one_place(stops: Sequence[Any]) -> bool:
    """Whether plain networks of all depths in which the signal falls below one percent lose it as near to the loss, by
    a block or two at most."""
    found = [one for record in stops if (one := fallen(record, PLAIN)) is not None]
    return bool(found) and max(found) - min(found) <= 2


def harder(record: Any) -> bool:
    """Whether the shortcut makes it worse: weights so large that the plain network's signal does not fade, and with
    shortcuts it grows, and more."""
    plain, residual = record.mean_log10_relative()[:, 0]
    large = fate(record, PLAIN) in ("arrives", "grows", "explodes")
    return large and fate(record, RESIDUAL) in ("grows", "explodes") and bool(residual > plain + BOUNDS["arrives"])


def eased(record: Any) -> bool:
    """Whether the plain network's signal fades, and with shortcuts ten times more of it arrives, but no explosion."""
    plain, residual = record.mean_log10_relative()[:, 0]
    fading = fate(record, PLAIN) in ("vanishes", "fades")
    return fading and fate(record, RESIDUAL) in HEARD[:-1] and bool(residual > plain + 1)


def from_loss(record: Any) -> bool:
    """Whether what travels back is the gradient of a loss, and not a random signal that leaves the output."""
    return "random" not in (record.params.get("cotangent"), record.params.get("loss"))


def wild(record: Any) -> bool:
    """Whether the plain network's signal grows."""
    return fate(record, PLAIN) in ("grows", "explodes")


def spared(record: Any) -> bool:
    """Whether the weights' scale alone keeps the plain network's signal: no norm does."""
    return fate(record, PLAIN) == "arrives" and record.params.get("norm") != "batch"


def softened(record: Any) -> bool:
    """Whether both grow, and the one with shortcuts ten times less at least."""
    plain, residual = record.mean_log10_relative()[:, 0]
    return fate(record, PLAIN) in ("grows", "explodes") and bool(0 < residual < plain - 1)


def tamed(record: Any, before: Any) -> bool:
    """Whether the residual signal, which had grown, arrives; or is ten times nearer to where it set out, and within a
    factor of ten of it."""
    now, then = (float(one.mean_log10_relative()[RESIDUAL, 0]) for one in (record, before))
    return then > BOUNDS["arrives"] and (abs(now) < min(then - 1, 1) or abs(now) <= BOUNDS["arrives"])


def too_large(record: Any) -> bool:
    """Whether the residual signal explodes for its large weights: no norm takes their scale away."""
    return record.params["norm"] == "none" and explodes(record, RESIDUAL)


def below_one(record: Any, skip: int) -> bool:
    """Whether every block shrinks the signal."""
    return bool((block_gains(record, skip) < 1).all())


def close_to_one(record: Any, skip: int) -> bool:
    """Whether no block changes the signal by much."""
    low, high = AVERAGES
    gains = block_gains(record, skip)
    return bool(((gains >= low) & (gains <= high)).all())


def block_gains(record: Any, skip: int) -> NDArray[np.float64]:
    """By what each block multiplies the signal, the mean of logs over seeds: [depth]. NaN where there is no ratio."""
    log10 = record.mean_log10_relative()[skip]
    with np.errstate(all="ignore"):
        return np.asarray(10.0 ** (log10[:-1] - log10[1:]))


# the network that was measured


def bridged(record: Any) -> bool:
    """Whether every block has a shortcut: the simulator's have; of a network of one's own, the record says."""
    return all(block["kind"] != "none" for block in getattr(record, "blocks", ()))


def activated(record: Any) -> bool:
    """Whether an activation stands after the sum, which the shortcut's copy passes, too."""
    if hasattr(record, "tail"):
        return bool(record.tail)
    return bool(record.params["order"] == "post" and record.params.get("activation", "relu") != "linear")


def scale_of(record: Any) -> float:
    """β of a network's blocks; 1 where there is none to choose."""
    if hasattr(record, "blocks"):
        return 1.0
    scale = record.params.get("branch_scale", 1.0)
    return float(record.params["depth"] ** -0.5 if isinstance(scale, str) else scale)


def scaled(record: Any) -> bool:
    """Whether branches are weighed: β ≠ 1."""
    return scale_of(record) != 1


def form(record: Any) -> str:
    """How a block is written: F(x) + x, with β before its F (scaled) or an activation around the sum (post)."""
    words = [word for word, holds in (("post", activated(record)), ("scaled", scaled(record))) if holds]
    return "_".join(words) or "bare"


def shown_form(record: Any) -> str:
    """How a block's derivative may be written: its form, unless shortcuts are no copies even before the sum."""
    return "changed" if copied(record) == "changed" else form(record)


def added_form(record: Any) -> str:
    """What may be said of shortcuts that are built: over some blocks only, or how each block is written then."""
    return shown_form(record) if bridged(record) else "some"


def usual(record: Any) -> bool:
    """Whether weights and biases were drawn as PyTorch draws them."""
    return record.params["gain"] == "torch" and record.params["bias"] == "torch"


def biased(record: Any) -> bool:
    """Whether layers have biases."""
    return record.params["bias"] == "torch" or record.params["bias_std"] > 0


def deep(record: Any, blocks: int) -> bool:
    """Whether there are so many blocks at least."""
    return record.gradient_signal.shape[-1] > blocks


# how shortcut and branch share what comes back


def share_of_copy(record: Any) -> float:
    """The mean share of the gradient before a block that its shortcut handed back; NaN where one has none."""
    known = np.isfinite(record.skip_share.mean(axis=0)) if not bridged(record) else slice(None)
    return float(record.skip_share[:, known].mean())


def division(record: Any) -> str:
    """The word for that share: its hundredths decide, as they are what is read."""
    share = share_of_copy(record)
    if not np.isfinite(share):
        return "lost"
    percent = round(100 * share)
    if not 0 <= percent <= 100:
        return "over" if percent > 0 else "against"
    return "all" if percent == 100 else "most" if percent > 50 else "some" if percent > 0 else "none"


def opposed(share: ArrayLike) -> NDArray[np.bool_]:
    """Where one way takes from what the other brings: a share below 0 or above 1, by more than numbers are rounded."""
    return np.asarray(np.abs(np.asarray(share, dtype=float) - 0.5) > 0.5 + 1e-9)


def shared(record: Any) -> bool:
    """Whether every block with a shortcut has a signal to divide."""
    over = np.array([block["kind"] != "none" for block in getattr(record, "blocks", ())], dtype=bool)
    share = record.skip_share[:, over] if len(over) else record.skip_share
    return bool(share.size and np.isfinite(share).all())


def copied(record: Any) -> str:
    """What shortcuts hand back: a copy as it is (bare), one that passes what stands after the sum, or, of some of them
    at least, something that they have changed."""
    blocks = getattr(record, "blocks", ())
    if changes([block["kind"] for block in blocks], np.array([block["factor"] for block in blocks])):
        return "changed"
    return "after" if activated(record) else "bare"


def fork(record: Any) -> str:
    """What a sum sends back by the shortcut: an exact copy, a copy that has passed an activation or a norm, something
    that the shortcut itself has changed, or nothing known."""
    if not shared(record):
        return "unknown"
    if copied(record) == "after":
        return (
            "norm"
            if any("Norm" in operation or operation == "Rsqrt" for operation in getattr(record, "tail", ()))
            else "post"
        )
    return {"changed": "changed", "bare": "copy"}[copied(record)]


def sharing(record: Any) -> str:
    """How shortcut and branch share what comes back: one takes from the other in some blocks (opposed), or in none."""
    if not shared(record):
        return "none"
    against = opposed(np.nan_to_num(record.skip_share.mean(axis=0), nan=0.5))  # NaN: a block without a shortcut
    return "opposed" if against.any() else "whole"


def pressures(skip: int) -> Family:
    """The fates of a signal told as water: below what is drawn, the pipe is nearly dry."""

    def word(record: Any) -> str:
        found = fate(record, skip)
        if found == "vanishes" and record.mean_log10_relative()[skip, 0] < FLOOR:
            return "dries"
        return found if found in HEARD else "unheard"

    return family(("dries", *HEARD, "unheard"), word)
