"""A record as a small table for a lecturer's terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.experiments.activations import ActivationsRecord, show_activations
from sim.experiments.degradation import DegradationRecord, show_degradation
from sim.experiments.gains import GainsRecord, show_gains
from sim.experiments.identity import IdentityRecord, show_identity
from sim.experiments.lesion import LesionRecord, show_lesion
from sim.experiments.profile import ProfileRecord, show_profile
from sim.experiments.profiles import ProfilesRecord, show_profiles
from sim.experiments.routes import RoutesRecord, show_routes
from sim.experiments.starts import StartsRecord, show_starts
from sim.experiments.training import TrainingRecord, show_training

PRINTERS: dict[type[Any], Callable[[Any], None]] = {
    ProfileRecord: show_profile,
    IdentityRecord: show_identity,
    DegradationRecord: show_degradation,
    LesionRecord: show_lesion,
    TrainingRecord: show_training,
    RoutesRecord: show_routes,
    GainsRecord: show_gains,
    ProfilesRecord: show_profiles,
    StartsRecord: show_starts,
    ActivationsRecord: show_activations,
}


def show(record: Any) -> None:
    """Print a record to standard output."""
    PRINTERS[type(record)](record)
