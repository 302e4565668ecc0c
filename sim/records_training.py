"""The records of the experiments that train. Axis skip: 0 plain, 1 residual, with the same weights to begin with.

A run has diverged at the first step whose loss is not finite or over a thousand times its first. Its `diverged_at`
names the step (−1: it did not diverge), and its curves are NaN from there on; NaN has no other cause unless a field
says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.records import RecordError, check


def check_all(record: object, floats: Mapping[str, tuple[int, ...]], integers: Mapping[str, tuple[int, ...]]) -> None:
    """`records.check` for many fields."""
    for dtype, shapes in ((np.float64, floats), (np.int64, integers)):
        for name, shape in shapes.items():
            check(record, name, dtype, shape)


def flagged(record: object, name: str, diverged_at: NDArray[np.int64]) -> None:
    """Raises RecordError unless [..., step] is finite up to its divergence, and NaN from there on."""
    values = getattr(record, name)
    steps = np.arange(values.shape[-1])
    gone = (diverged_at[..., None] >= 0) & (steps >= diverged_at[..., None])
    if not (np.isfinite(values) == ~gone).all():
        raise RecordError(f"diverged_at contradicts {name}")


@dataclass(frozen=True, eq=False)
class DegradationRecord:
    """Training curves of plain and residual classifiers of several depths, each at its best learning rate.

    loss             [skip, depth, seed, step+1] float64: mean cross-entropy of the minibatch of each step, before its
                     update; step s is the network after s updates.
    batch_error      [skip, depth, seed, step+1] float64: % of that minibatch not recognised.
    train_error      [skip, depth, seed, check] float64: % not recognised of the seed's first `eval_examples` training
                     examples (by whole minibatches), at `check_steps`; batch norm by the batch at hand, as in training.
    check_steps      [check] int64: every `eval_every` steps, and the last. depths [depth] int64: layers.
    learning_rates   [lr] float64. best_lr [skip, depth] float64: the rate with the lowest median train_error after the
                     last step over the first `search_seeds` seeds; among equals, the lowest loss in the last tenth.
    lr_final_error   [skip, depth, lr, search seed] float64: that error, of every rate. lr_diverged_at, likewise int64.
    diverged_at      [skip, depth, seed] int64: at the best rate.
    deepened_error   [skip, depth, seed] float64: train_error of the trained network of the least depth, deepened to
                     each depth by blocks that do nothing (sim/deepening.py).
    deepened_exact   [skip, depth, seed] int64: 1 where its logits are those of the network of the least depth, bit for
                     bit.
    seeds            [seed] int64. experiment, params, versions, source_digest, data_digest: as in ProfileRecord.

    Raises RecordError if shapes or dtypes do not hold. Source: He et al. 2015, fig. 1; science.md, "Degradation".
    """

    loss: NDArray[np.float64]
    batch_error: NDArray[np.float64]
    train_error: NDArray[np.float64]
    check_steps: NDArray[np.int64]
    depths: NDArray[np.int64]
    learning_rates: NDArray[np.float64]
    best_lr: NDArray[np.float64]
    lr_final_error: NDArray[np.float64]
    lr_diverged_at: NDArray[np.int64]
    diverged_at: NDArray[np.int64]
    deepened_error: NDArray[np.float64]
    deepened_exact: NDArray[np.int64]
    seeds: NDArray[np.int64]
    experiment: str
    params: Mapping[str, Any]
    versions: Mapping[str, str]
    source_digest: str
    data_digest: str

    def __post_init__(self) -> None:
        if getattr(self.loss, "ndim", 0) != 4 or getattr(self.lr_final_error, "ndim", 0) != 4:
            raise RecordError("loss or lr_final_error lacks axes")
        _, depths, seeds, states = self.loss.shape
        each, search = (2, depths, seeds), (2, depths, len(self.learning_rates), self.lr_final_error.shape[3])
        floats = {
            "loss": (*each, states),
            "batch_error": (*each, states),
            "train_error": (*each, len(self.check_steps)),
            "learning_rates": search[2:3],
            "best_lr": (2, depths),
            "lr_final_error": search,
            "deepened_error": each,
        }
        integers = {
            "check_steps": (len(self.check_steps),),
            "depths": (depths,),
            "lr_diverged_at": search,
            "diverged_at": each,
            "deepened_exact": each,
            "seeds": (seeds,),
        }
        check_all(self, floats, integers)
        flagged(self, "loss", self.diverged_at)
        flagged(self, "batch_error", self.diverged_at)

    def final_error(self) -> NDArray[np.float64]:
        """Training error after the last step, in percent: [skip, depth, seed]; NaN if diverged."""
        return self.train_error[..., -1]

    def running_error(self, steps: int = 10) -> NDArray[np.float64]:
        """batch_error averaged over the last `steps` minibatches (fewer at the start): like batch_error."""
        out = np.empty_like(self.batch_error)
        for step in range(out.shape[-1]):
            out[..., step] = self.batch_error[..., max(0, step + 1 - steps) : step + 1].mean(axis=-1)
        return out


@dataclass(frozen=True, eq=False)
class LesionRecord:
    """Training error of trained classifiers from which one block is taken out, in percent.

    lesion_error     [skip, seed, block] float64: without block 1 … `blocks[skip]`; NaN beyond, and for seeds that
                     diverged.
    baseline_error   [skip, seed] float64: with all blocks. blocks [skip] int64: how many there are.
    learning_rates [lr], best_lr [skip], lr_final_error and lr_diverged_at [skip, lr, search seed], diverged_at
    [skip, seed], seeds [seed], experiment, params, versions, source_digest, data_digest: as in DegradationRecord.

    Raises RecordError if shapes or dtypes do not hold. Source: Veit et al. 2016, section 4.1; science.md, "Lesion".
    """

    lesion_error: NDArray[np.float64]
    baseline_error: NDArray[np.float64]
    blocks: NDArray[np.int64]
    learning_rates: NDArray[np.float64]
    best_lr: NDArray[np.float64]
    lr_final_error: NDArray[np.float64]
    lr_diverged_at: NDArray[np.int64]
    diverged_at: NDArray[np.int64]
    seeds: NDArray[np.int64]
    experiment: str
    params: Mapping[str, Any]
    versions: Mapping[str, str]
    source_digest: str
    data_digest: str

    def __post_init__(self) -> None:
        if getattr(self.lesion_error, "ndim", 0) != 3 or getattr(self.lr_final_error, "ndim", 0) != 3:
            raise RecordError("lesion_error or lr_final_error lacks axes")
        _, seeds, blocks = self.lesion_error.shape
        search = (2, len(self.learning_rates), self.lr_final_error.shape[2])
        floats = {
            "lesion_error": (2, seeds, blocks),
            "baseline_error": (2, seeds),
            "learning_rates": search[1:2],
            "best_lr": (2,),
            "lr_final_error": search,
        }
        integers = {"blocks": (2,), "lr_diverged_at": search, "diverged_at": (2, seeds), "seeds": (seeds,)}
        check_all(self, floats, integers)
        there = (np.arange(blocks) < self.blocks[:, None, None]) & (self.diverged_at[:, :, None] < 0)
        if not (np.isfinite(self.lesion_error) == there).all():
            raise RecordError("blocks or diverged_at contradicts lesion_error")

    def damage(self) -> NDArray[np.float64]:
        """Percentage points lost with each block: like lesion_error."""
        return self.lesion_error - self.baseline_error[:, :, None]


@dataclass(frozen=True, eq=False)
class TrainingRecord:
    """The gradient signal of plain and residual classifiers while they learn.

    gradient_signal  [skip, seed, snapshot, depth+1] float64: as in ProfileRecord, after `snapshot_steps` updates, on
                     one fixed minibatch; the loss is the cross-entropy through the read-out of that step.
    snapshot_steps   [snapshot] int64.
    loss             [skip, seed, step+1] float64, train_error [skip, seed, check] float64, check_steps [check] int64,
    learning_rates [lr], best_lr [skip], lr_final_error and lr_diverged_at [skip, lr, search seed], diverged_at
    [skip, seed], seeds [seed], experiment, params, versions, source_digest, data_digest: as in DegradationRecord.

    Raises RecordError if shapes or dtypes do not hold. Source: science.md, "Vocabulary".
    """

    gradient_signal: NDArray[np.float64]
    snapshot_steps: NDArray[np.int64]
    loss: NDArray[np.float64]
    train_error: NDArray[np.float64]
    check_steps: NDArray[np.int64]
    learning_rates: NDArray[np.float64]
    best_lr: NDArray[np.float64]
    lr_final_error: NDArray[np.float64]
    lr_diverged_at: NDArray[np.int64]
    diverged_at: NDArray[np.int64]
    seeds: NDArray[np.int64]
    experiment: str
    params: Mapping[str, Any]
    versions: Mapping[str, str]
    source_digest: str
    data_digest: str

    def __post_init__(self) -> None:
        if getattr(self.gradient_signal, "ndim", 0) != 4 or getattr(self.lr_final_error, "ndim", 0) != 3:
            raise RecordError("gradient_signal or lr_final_error lacks axes")
        _, seeds, snapshots, states = self.gradient_signal.shape
        search = (2, len(self.learning_rates), self.lr_final_error.shape[2])
        floats = {
            "gradient_signal": (2, seeds, snapshots, states),
            "loss": (2, seeds, self.loss.shape[-1]),
            "train_error": (2, seeds, len(self.check_steps)),
            "learning_rates": search[1:2],
            "best_lr": (2,),
            "lr_final_error": search,
        }
        integers = {
            "snapshot_steps": (snapshots,),
            "check_steps": (len(self.check_steps),),
            "lr_diverged_at": search,
            "diverged_at": (2, seeds),
            "seeds": (seeds,),
        }
        check_all(self, floats, integers)
        flagged(self, "loss", self.diverged_at)

    def relative_signal(self) -> NDArray[np.float64]:
        """gradient_signal at l over that at L: like gradient_signal. NaN where the two do not make a ratio."""
        with np.errstate(all="ignore"):
            return self.gradient_signal / self.gradient_signal[..., -1:]
