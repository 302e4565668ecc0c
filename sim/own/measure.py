"""The gradient's journey through anybody's torch.nn.Module, with its shortcuts and without them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from sim.experiments.profile import finite_until
from sim.own import memory
from sim.own.errors import RefusedError
from sim.own.inputs import Batch, Draw, batch_of, sender
from sim.own.memory import Counted, WentBackError
from sim.own.plan import plan, sections, table
from sim.own.prepare import Build, prepare, weights_digest
from sim.own.record import NetworkRecord
from sim.own.sums import Traced, resolved, trace
from sim.own.walk import Floats, Walk, walk
from sim.records import source
from sim.records.record import PLAIN, RESIDUAL
from sim.work.threads import one_thread

DTYPES = {"float64": torch.float64, "float32": torch.float32}
PRECISE = re.compile(r"'Double'|expected scalar type|same dtype|dtype.* double|found dtype Double|Double but found")


@dataclass(frozen=True)
class Measured:
    """One seed: its plain and its residual pass, and what is known of the network."""

    walks: tuple[Walk, Walk]
    blocks: list[dict[str, Any]]
    tail: list[str]
    sums: dict[str, int]
    examples: int
    weights: str
    data: str


def measure(
    build: Build,
    batch: str | Draw | Any,
    *,
    examples: int = 16,
    seeds: int = 1,
    dtype: str = "float64",
    loss: str | Callable[[Tensor], Tensor] = "random",
    blocks: Sequence[str] = (),
    add_shortcuts: str | None = None,
    name: str = "",
    told: Mapping[str, Any] | None = None,
    say: Callable[[str], None] | None = None,
) -> NetworkRecord:
    """Measure the network that `build` makes, and its plain twin.

    build: called after torch.manual_seed(seed), for seeds 0 … `seeds` − 1. batch: a SPEC as "image:3x32x32", a tensor,
    a tuple of arguments, a dict of named ones, or a function of (seed, examples) that gives one. loss: "random" (a unit
    vector per example at the output), "cross-entropy", or a function of the output, summed over examples. blocks:
    patterns of names of blocks to look at; the others are left as they are. add_shortcuts: a pattern of names of
    modules F that are made x + F(x). told: what else the record shall say it was run with. say: is told how much memory
    will be taken before it is.

    Runs on one thread, as sums are then in one order on all machines, unless OMP_NUM_THREADS says otherwise. The global
    state of torch's random numbers is left as it was. Raises RefusedError for what cannot be measured, and
    whatever the network raises. Source: He et al. 2016, "Identity mappings", eq. 5, measured.
    """
    if dtype not in DTYPES:
        raise RefusedError(f"--dtype {dtype}: allowed: {', '.join(DTYPES)}")
    found = []
    with torch.random.fork_rng(devices=[]), threads():
        for seed in range(seeds):
            net = prepare(build, seed, DTYPES[dtype], add_shortcuts)
            own = batch_of(batch, seed, examples)
            with speaking_of(dtype):
                asked = sender(loss, own, seed), blocks, None if seed else say
                found.append(_measured(net, own, seed, DTYPES[dtype], *asked))
    for seed, one in enumerate(found):
        if _form(one) != _form(found[0]):
            raise RefusedError(f"the network of seed {seed} has other blocks than that of seed 0; take --seeds 1")
    told = {
        **({"input": batch} if isinstance(batch, str) else {}),
        **{"batch": found[0].examples, "seeds": seeds, "dtype": dtype, "blocks": list(blocks)},
        **{"loss": loss if isinstance(loss, str) else getattr(loss, "__name__", "a function")},
        **{"add_shortcuts": add_shortcuts, **(told or {})},
    }
    return _record(found, name or type(net).__name__, told)


def look(
    build: Build, batch: str | Draw | Any, examples: int = 2, dtype: str = "float64", add_shortcuts: str | None = None
) -> list[dict[str, Any]]:
    """The residual sums of a network in the order they are computed, as a record's `blocks` without parameters and
    shapes: what a way can be chosen from. Raises as `measure` does, but not for want of sums."""
    with torch.random.fork_rng(devices=[]), threads(), speaking_of(dtype):
        net = prepare(build, 0, DTYPES[dtype], add_shortcuts)
        traced = _traced(net, batch_of(batch, 0, examples), 0, DTYPES[dtype])
    keys = ("name", "where", "code", "kind", "factor", "layers")
    return [{key: getattr(one, key) for key in keys} for one in traced.sums]


class speaking_of:  # noqa: N801 (a context manager that reads as a phrase)
    """An operation that there is not in float64 is told so: raises RefusedError of its RuntimeError."""

    def __init__(self, dtype: str) -> None:
        self.dtype = dtype

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        if self.dtype == "float64" and isinstance(error, RuntimeError) and PRECISE.search(str(error)):
            line = str(error).splitlines()[0]
            raise RefusedError(f"an operation refuses float64 ({line}); take --dtype float32") from error


def threads() -> contextlib.AbstractContextManager[None]:
    """As many threads as OMP_NUM_THREADS says; else one."""
    return contextlib.nullcontext() if os.environ.get("OMP_NUM_THREADS") else one_thread()


def _traced(net: nn.Module, batch: Batch, seed: int, dtype: torch.dtype) -> Traced:
    """One pass that keeps nothing; if the network itself goes back in it, one that does."""
    try:
        torch.manual_seed(seed)
        return trace(net, *batch.fresh(dtype), Counted(net))
    except WentBackError:
        torch.manual_seed(seed)
        return trace(net, *batch.fresh(dtype), Counted(net, kept=True))


def _measured(
    net: nn.Module,
    batch: Batch,
    seed: int,
    dtype: torch.dtype,
    send: Callable[[Tensor], Tensor],
    patterns: Sequence[str],
    say: Callable[[str], None] | None,
) -> Measured:
    """One seed's network, watched once and walked twice. Noise of the network's own is the same in all three."""
    traced = _traced(net, batch, seed, dtype)
    shown = plan(traced, patterns)
    parts = sections(shown, traced)
    taken = memory.there_is(memory.needed(net, traced.kept, sum(one.size for one in shown.along)))
    if say is not None:
        say(taken)
    walks = []
    for skip in (PLAIN, RESIDUAL):
        torch.manual_seed(seed)
        walks.append(walk(net, *batch.fresh(dtype), shown, parts, send, plain=skip == PLAIN))
    if walks[PLAIN].trail != walks[RESIDUAL].trail:
        raise RefusedError("without its shortcuts the network takes another way: it calls other functions")
    factors = walks[RESIDUAL].factors
    shown = replace(shown, along=[resolved(one, factors.get(index)) for index, one in enumerate(shown.along)])
    blocks = table(shown, parts, walks[RESIDUAL].shapes)
    sums = {"found": shown.found, "kept": shown.found - len(shown.cut)}
    return Measured((walks[0], walks[1]), blocks, shown.tail, sums, batch.size, weights_digest(net), batch.digest())


def _form(one: Measured) -> Any:
    return [[row["name"], row["kind"], row["shape"]] for row in one.blocks]


def _record(found: Sequence[Measured], name: str, told: Mapping[str, Any]) -> NetworkRecord:
    def stacked(field: str) -> Any:
        return np.array([[getattr(one.walks[skip], field) for one in found] for skip in (PLAIN, RESIDUAL)])

    examples = np.array([one.examples for one in found], dtype=np.float64)[None, :, None]
    signal: Floats = stacked("signal") / np.sqrt(examples)
    activation: Floats = stacked("size") / np.sqrt(stacked("units"))
    own = source.closure([Path(__file__)], source.LEFT_OUT)
    return NetworkRecord(
        experiment="network",
        params=dict(told),
        versions={"numpy": np.__version__, "python": platform.python_version(), "torch": torch.__version__},
        source_digest=source.digest_of(own.items()),
        data_digest=_joint(one.data for one in found),
        gradient_signal=signal,
        activation_rms=activation,
        branch_ratio=stacked("ratio")[RESIDUAL],
        skip_share=stacked("share")[RESIDUAL],
        finite_until=finite_until(signal, activation),
        signal_status=stacked("status"),
        seeds=np.arange(len(found), dtype=np.int64),
        weight_gradient=stacked("weight"),
        blocks=found[0].blocks,
        tail=found[0].tail,
        sums=found[0].sums,
        name=name,
        weights_digest=_joint(one.weights for one in found),
    )


def _joint(digests: Any) -> str:
    return hashlib.sha256("".join(digests).encode()).hexdigest()
