"""The experiments there are.

A new one is a page in experiments (its parameters, record and table), a file in measure with a function of its name, a
line here and in show.py, and a table in params.py and default.toml.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.experiments.activations import ActivationsRecord
from sim.experiments.degradation import DegradationRecord
from sim.experiments.gains import GainsRecord
from sim.experiments.identity import IdentityRecord
from sim.experiments.lesion import LesionRecord
from sim.experiments.profile import ProfileRecord
from sim.experiments.profiles import ProfilesRecord
from sim.experiments.routes import RoutesRecord
from sim.experiments.starts import StartsRecord
from sim.experiments.training import TrainingRecord
from sim.params import Params


@dataclass(frozen=True)
class Experiment:
    """One experiment; its name is the command, its page, the module in `sim.measure`, the function and its section."""

    name: str
    record: type[Any]
    summary: str

    def params(self, tree: Params) -> Any:
        """This experiment's section of the tree."""
        return getattr(tree, self.name)

    def function(self) -> Callable[[Any], Any]:
        """The function that computes the record. Imports torch."""
        function: Callable[[Any], Any] = getattr(importlib.import_module(f"sim.measure.{self.name}"), self.name)
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
        Experiment(
            "starts", StartsRecord, "where a network can be started, over depth and gain, and who learns from there"
        ),
        Experiment("routes", RoutesRecord, "the gradient as a sum over routes, by the number of branches they take"),
        Experiment("gains", GainsRecord, "singular values of every block, and how much gradients grow in it"),
        Experiment("activations", ActivationsRecord, "what becomes of a few digits, plain and residual"),
    )
}
