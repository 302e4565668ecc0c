"""Records: validation, round-trips, and what they compute of themselves."""

import dataclasses
import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from sim.experiments.profile import ProfileRecord, finite_until
from sim.records.codec import digest, from_arrays, from_json, to_arrays, to_json
from sim.records.record import Record, RecordError, Status
from sim.records.shapes import arrays
from sim.registry import EXPERIMENTS, Experiment


def record(**changes: Any) -> ProfileRecord:
    signal = np.array([[[1e-3, 0.1, 1.0], [0.0, 0.0, 10.0]], [[2.0, 1.5, 1.0], [np.inf, 1e200, 1.0]]])
    activation = np.ones_like(signal)
    status = np.zeros(signal.shape, dtype=np.int64)
    status[0, 1, :2], status[1, 1, 0] = (Status.ZERO, Status.UNDERFLOW), Status.OVERFLOW
    fields: dict[str, Any] = {
        "gradient_signal": signal, "activation_rms": activation, "weight_gradient": np.ones((2, 2, 2)),
        "branch_ratio": np.full((2, 2), 0.5),
        "skip_share": np.full((2, 2), 0.9),
        "finite_until": finite_until(signal, activation), "signal_status": status, "seeds": np.arange(2),
        "experiment": "profile", "params": {"depth": 2, "gain": "he"}, "versions": {"numpy": "2"},
        "source_digest": "a", "data_digest": "b",
    }  # fmt: skip
    return ProfileRecord(**(fields | changes))


def test_arrays_are_copies_that_nobody_can_write() -> None:
    mine = np.full((2, 2), 0.5)
    kept = record(branch_ratio=mine)
    mine[:] = 7
    assert (kept.branch_ratio == 0.5).all()
    with pytest.raises(ValueError):
        kept.branch_ratio[0, 0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        kept.experiment = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"branch_ratio": np.ones((3, 2))}, "branch_ratio must be float64 [seed depth], not float64 (3, 2)"),
        ({"branch_ratio": np.ones((2, 3))}, "branch_ratio (2, 3)"),
        ({"branch_ratio": np.ones((2, 2), dtype=np.float32)}, "not float32 (2, 2)"),
        ({"seeds": np.arange(2.0)}, "seeds must be int64 [seed], not float64 (2,)"),
        (
            {"gradient_signal": np.ones((2, 3))},
            "must be float64 [skip=2 seed depth+1], not float64 (2, 3)",
        ),
        ({"gradient_signal": np.ones((3, 2, 3))}, "gradient_signal must be"),
        ({"signal_status": np.zeros((2, 2, 4), dtype=np.int64)}, "signal_status must be int64 [skip=2 seed depth+1]"),
        ({"activation_rms": [[1]]}, "not list"),
        ({"finite_until": np.zeros((2, 2), dtype=np.int64)}, "finite_until contradicts"),
        ({"signal_status": np.zeros((2, 2, 3), dtype=np.int64)}, "signal_status contradicts"),
    ],
)
def test_what_is_no_record_is_refused(changes: dict, told: str) -> None:
    with pytest.raises(RecordError) as caught:
        record(**changes)
    assert told in str(caught.value)


def test_finite_until_is_the_lowest_index_of_the_finite_end() -> None:
    signal = np.array([[1, 1, 1.0], [np.inf, 1, 1], [1, np.nan, 1], [1, 1, np.nan]])[None]
    assert finite_until(signal, np.ones_like(signal)).tolist() == [[0, 1, 2, 3]]
    activation = np.array([[1, np.inf, 1.0]] * 4)[None]
    assert finite_until(signal, activation).tolist() == [[2, 2, 2, 3]]


def test_relative_signal_and_mean_of_logs() -> None:
    kept = record()
    np.testing.assert_allclose(kept.relative_signal()[0], [[1e-3, 0.1, 1], [0, 0, 1]])
    means = kept.mean_log10_relative()
    assert means[:, -1].tolist() == [0, 0]
    assert means[0, 0] == -np.inf and means[1, 0] == np.inf
    assert means[1, 1] == pytest.approx((np.log10(1.5) + 200) / 2)
    logs = np.array([[[1e-2, 1], [1e-6, 1]], [[1.0, 1], [1, 1]]])
    mean = record(
        gradient_signal=logs, activation_rms=np.ones_like(logs), branch_ratio=np.ones((2, 1)),
        weight_gradient=np.ones((2, 2, 1)),
        skip_share=np.ones((2, 1)),
        signal_status=np.zeros(logs.shape, dtype=np.int64), finite_until=np.zeros((2, 2), dtype=np.int64),
    ).mean_log10_relative()  # fmt: skip
    assert mean[0, 0] == pytest.approx(-4)  # the log of the mean would be −2.3
    np.testing.assert_allclose(kept.block_gain()[1, 0], [2 / 1.5, 1.5])


def test_round_trips() -> None:
    kept = record()
    for again in (from_arrays(ProfileRecord, to_arrays(kept)), from_json(ProfileRecord, to_json(kept))):
        assert digest(again) == digest(kept)
        assert again.params == kept.params
    assert digest(record(params={"depth": 3})) != digest(kept)
    assert set(json.loads(to_json(kept))) == {field.name for field in dataclasses.fields(ProfileRecord)}
    assert "Infinity" in to_json(kept)
    with pytest.raises(RecordError):
        from_json(ProfileRecord, "{}")
    with pytest.raises(RecordError):
        from_arrays(ProfileRecord, {})


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=lambda experiment: experiment.name)
def test_every_record_says_the_shapes_of_its_arrays_and_begins_with_the_header(experiment: Experiment) -> None:
    """Every field is of the header, an array whose type says its shape, or text."""
    header = [field.name for field in dataclasses.fields(Record)]
    names = [field.name for field in dataclasses.fields(experiment.record)]
    assert names[: len(header)] == header
    assert set(names[len(header) :]) - arrays(experiment.record).keys() <= {"method"}
    assert "seeds" in arrays(experiment.record)


def test_what_is_read_as_sound_is_the_same_record_and_read_only() -> None:
    kept = record()
    again = from_arrays(ProfileRecord, to_arrays(kept), sound=True)
    assert digest(again) == digest(kept) and type(again) is ProfileRecord
    with pytest.raises(ValueError):
        again.branch_ratio[0, 0] = 1
    with pytest.raises(RecordError, match="seeds is missing"):
        from_arrays(ProfileRecord, {k: v for k, v in to_arrays(kept).items() if k != "seeds"}, sound=True)


def test_reading_records_needs_none_of_what_is_slow_to_import() -> None:
    slow = {"torch", "manim", "jaxtyping", "rich"}
    code = f"import sys, sim.show, sim.store, sim.params; print({slow} & sys.modules.keys())"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"
