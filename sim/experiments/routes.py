"""Experiment `routes`: the gradient as a sum over routes. Its parameters, its record, its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from sim.records.record import Record, RecordError, Status, agree
from sim.records.table import mean, put_out, table, trouble
from sim.sections import memory
from sim.sections.memory import refuse_beyond
from sim.sections.network import Network

ROUTE_BY_ROUTE = 10  # blocks up to which each of the 2^depth routes is followed by itself

if TYPE_CHECKING:
    from jaxtyping import Float64, Int64


class Routes(Network):
    """The residual network whose routes are counted; keys as in [profile]."""

    @property
    def by_route(self) -> bool:
        """Whether every route is followed by itself."""
        return self.depth <= ROUTE_BY_ROUTE

    @property
    def bytes_per_seed(self) -> int:
        """Gradients of all groups of routes, or of all routes, as they are, on their way and put together."""
        vectors = 2**self.depth if self.by_route else self.depth + 1
        units = self.width * (memory.PIXELS if self.block == "conv" else 1)
        return 8 * (5 + 9 * (self.block == "conv")) * vectors * self.batch * units + memory.bytes_per_seed(self)

    @model_validator(mode="after")
    def _routes_fit(self) -> Self:
        refuse_beyond(self.bytes_per_seed, f"depth = {self.depth}, width = {self.width}, batch = {self.batch}")
        return self


@dataclass(frozen=True, eq=False)
class RoutesRecord(Record):
    """The gradient at h_0 of residual networks as a sum over the 2^depth routes back from h_L.

    A route takes the shortcut or the branch at every block; C_k is the sum of those that take k branches (β and, for
    order post, the activation after the sum included), g = Σ_k C_k the gradient. Source: Veit et al. 2016, eq. 6.
    Axis length: k = 0 … depth.

    signed_share  ⟨C_k, g⟩ / ⟨g, g⟩ over batch and units; sums to 1 over k. No unit.
    energy        Mean over examples of the per-example |C_k|². Unit: that of a squared signal.
    total_energy  The same of g; the gradient signal at h_0 squared.
    count         Binomials, the number of routes: exact up to depth 56, then to 16 digits.
    route_share   The signed share of each route, up to 10 blocks: 2^depth routes; else none. Bit l−1 of the index is 1
                  where the branch of block l is taken.
    status        A `Status`. OK: all is finite. ZERO: g is zero and nothing has a share in it (NaN). UNDERFLOW: shares
                  stand, energies are too faint for float64. OVERFLOW, NAN: shares are NaN.
    seeds         The seed of each network.

    Raises RecordError if shapes, dtypes or invariants do not hold.
    """

    signed_share: Float64[np.ndarray, "seed length"]
    energy: Float64[np.ndarray, "seed length"]
    total_energy: Float64[np.ndarray, " seed"]
    count: Float64[np.ndarray, " length"]
    route_share: Float64[np.ndarray, "seed route"]
    status: Int64[np.ndarray, " seed"]
    seeds: Int64[np.ndarray, " seed"]

    def check(self) -> None:
        if self.route_share.shape[1] not in (0, 2 ** (self.count.size - 1)):
            raise RecordError("route_share must have one entry per route, or none")
        whole = (self.status == Status.OK) | (self.status == Status.UNDERFLOW)
        for name in ("signed_share", "route_share"):
            agree(name, getattr(self, name), whole)
        agree("energy", self.energy, whole | (self.status == Status.ZERO), flagged_may_be_finite=True)

    def mean_length(self) -> NDArray[np.float64]:
        """Branches taken on average, weighted by signed share: [seed]."""
        return self.signed_share @ np.arange(self.count.size)


def show_routes(record: RoutesRecord) -> None:
    """Share, energy and number of the routes of each length, the longest left out once they carry nothing."""
    share = record.signed_share.mean(0)
    out = table(
        f"Routes of {record.params['depth']} blocks by branches taken; on average {mean(record.mean_length())}",
        f"signed share and energy: mean over {len(record.seeds)} seeds{trouble(record.status)}",
        ("branches", "routes", "share of gradient", "energy"),
    )
    told = np.flatnonzero(~(np.abs(share) < 5e-5))
    for k in range(int(told.max(initial=0)) + 1):
        out.add_row(str(k), f"{record.count[k]:.4g}", f"{share[k]:.2%}", f"{record.energy[:, k].mean():.3g}")
    put_out(out)
