"""The experiments there are. A new one is a file with a function of the same name, a record, and a line here."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.params import Params
from sim.records import ProfileRecord
from sim.records_analysis import ActivationsRecord, GainsRecord, ProfilesRecord, RoutesRecord
from sim.records_identity import IdentityRecord
from sim.records_training import DegradationRecord, LesionRecord, TrainingRecord


@dataclass(frozen=True)
class Experiment:
    """One experiment; its name is the command, the module in `sim`, its function params -> record and its section."""

    name: str
    record: type[Any]
    summary: str

    def params(self, tree: Params) -> Any:
        """This experiment's section of the tree."""
        return getattr(tree, self.name)

    def function(self) -> Callable[[Any], Any]:
        """The function that computes the record. Imports torch."""
        function: Callable[[Any], Any] = getattr(importlib.import_module(f"sim.{self.name}"), self.name)
        return function


EXPERIMENTS = {
    experiment.name: experiment
    for experiment in (
        Experiment("profile", ProfileRecord, "gradient signal and activations, block by block, plain and residual"),
        Experiment("identity", IdentityRecord, "a plain and a residual block learn to do nothing: H(x) = x"),
        Experiment("degradation", DegradationRecord, "training error of ever deeper networks, plain and residual"),
        Experiment("lesion", LesionRecord, "trained networks with one block taken out"),
        Experiment("training", TrainingRecord, "gradient signal, block by block, at chosen steps of training"),
        Experiment("profiles", ProfilesRecord, "the gradient signal over depth and gain"),
        Experiment("routes", RoutesRecord, "the gradient as a sum over routes, by the number of branches they take"),
        Experiment("gains", GainsRecord, "singular values of every block, and how much gradients grow in it"),
        Experiment("activations", ActivationsRecord, "what becomes of a few digits, plain and residual"),
    )
}
