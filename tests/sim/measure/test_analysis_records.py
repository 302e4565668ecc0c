"""Records of profiles and activations, and of all analyses over their parameters."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_params import GAINS, PROFILES

from sim import params
from sim.experiments.activations import Activations, ActivationsRecord
from sim.experiments.gains import Gains
from sim.experiments.profiles import Profiles, ProfilesRecord
from sim.experiments.routes import Routes
from sim.measure.activations import activations
from sim.measure.gains import gains
from sim.measure.profile import profile
from sim.measure.profiles import profiles
from sim.measure.routes import routes
from sim.nets import data
from sim.records.codec import digest, from_arrays, from_json, to_arrays, to_json
from sim.records.record import PLAIN, RESIDUAL, RecordError, Status
from sim.registry import EXPERIMENTS
from sim.show import show

MANY = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def round_trips(record: Any) -> bool:
    again = (from_arrays(type(record), to_arrays(record)), from_json(type(record), to_json(record)))
    arrays = [value for value in vars(record).values() if isinstance(value, np.ndarray)]
    return all(digest(one) == digest(record) for one in again) and not any(array.flags.writeable for array in arrays)


def test_profiles_are_the_single_profiles() -> None:
    default = params.load(environ={}).profiles
    p = default.replace(depths=(2, 5), gains=("he", 2.5), network=default.network.replace(seeds=2, batch=8))
    record = profiles(p)
    assert record.gradient_signal.shape == (2, 2, 2, 2, 6) and record.gains.tolist() == [2**0.5, 2.5]
    one = profile(p.network.replace(depth=2, gain=2.5))
    np.testing.assert_array_equal(record.gradient_signal[1, 0, :, :, :3], one.gradient_signal)
    assert np.isnan(record.activation_rms[1, 0, :, :, 3:]).all() and (record.signal_status[1, 0, :, :, 3:] == -1).all()
    np.testing.assert_allclose(record.mean_log10_relative()[1, 0, :, :3], one.mean_log10_relative(), atol=1e-12)
    assert round_trips(record)
    with pytest.raises(RecordError):
        dataclasses.replace(record, depths=np.array([3, 5]))


@pytest.mark.parametrize("order", ["literal", "pre", "post"])
@pytest.mark.parametrize("block", ["conv", "mlp"])
def test_branch_maps_are_what_is_added(block: str, order: str) -> None:
    default, width = params.load(environ={}).highway, 64 if block == "mlp" else 8
    p = default.only(Activations, block=block, order=order, width=width, depth=3, seeds=2, batch=8, branch_scale=0.5)
    record = activations(p)
    added = record.maps[1, :, :-1] + record.branch_maps
    if order != "post":
        np.testing.assert_allclose(record.maps[1, :, 1:], added, atol=1e-12)
    elif block == "mlp":  # of a convolution's state after its ReLU a reader makes something else
        np.testing.assert_allclose(record.maps[1, :, 1:], np.maximum(added, 0), atol=1e-12)


@pytest.mark.parametrize("network", [{}, {"block": "mlp", "width": 100}], ids=["conv", "mlp"])
def test_a_reader_gives_the_digit_back_from_the_first_state(network: dict[str, Any]) -> None:
    few = {"depth": 1, "seeds": 2, "batch": 8, "shown": (0, 3, 8)}
    record = activations(params.load(environ={}).highway.only(Activations, **few, **network))
    for seed in range(2):
        for image, read in zip(record.images, record.maps[0, seed, 0], strict=True):
            assert np.corrcoef(image.ravel(), read.ravel())[0, 1] > 0.97
    np.testing.assert_array_equal(record.maps[0, :, 0], record.maps[1, :, 0])


def test_activations_begin_with_the_digit_itself() -> None:
    p = params.load(environ={}).activations.replace(depth=3, seeds=2)
    record = activations(p)
    images, _ = data.digits()
    assert record.maps.shape == (2, 2, 4, 3, 8, 8) and record.labels.tolist() == [0, 3, 8]
    np.testing.assert_allclose(
        record.maps[:, :, 0], (record.images - images.mean()) / images.std() + 0 * record.maps[:, :, 0]
    )
    np.testing.assert_allclose(record.cosine[:, :, 0], 1)
    np.testing.assert_allclose(
        record.cosine, activations(p.replace(shown=(0, 3, 8), batch=3)).cosine
    )  # without batch norm nobody sees who else is there
    assert round_trips(record)


def test_the_shortcut_keeps_the_digit_recognisable() -> None:
    cosine = activations(params.load(environ={}).activations).cosine.mean((1, 3))
    assert abs(cosine[PLAIN, 5]) < 0.2 and cosine[RESIDUAL, 5] > 0.6


def test_activations_of_a_convolution_are_read_from_the_pass_that_profile_makes() -> None:
    p = params.load(environ={}).activations.replace(
        block="conv", norm="batch", width=1, depth=3, activation="relu", batch=3, seeds=1, layers_per_block=2
    )
    record = activations(p)
    h = data.draw_batch(p, 0, first=[int(np.flatnonzero(data.digits()[1] == k)[0]) for k in p.shown]).hidden
    np.testing.assert_allclose(record.maps[0, 0, 0].reshape(3, -1), h.reshape(3, -1) @ data.draw_reader(p, 0).T)
    assert np.isfinite(record.maps).all() and round_trips(record)


@pytest.mark.parametrize("key", ["input=gaussian", "shown=[3, 3]", "batch=2", "shown=[10]", "shown=[]"])
def test_activations_that_have_no_maps_are_refused(key: str) -> None:
    with pytest.raises(params.ParamsError, match=key.split("=")[0]):
        params.load(sets=[key], section="activations", environ={})


@pytest.mark.parametrize("key", ["depths=[8, 8]", "depths=[]", "gains=[0]", "network.depth=0", "depths=[1, 513]"])
def test_sweeps_that_make_no_sense_are_refused(key: str) -> None:
    with pytest.raises(params.ParamsError, match="profiles"):
        params.load(sets=[key], section="profiles", environ={})


def test_a_key_that_is_also_a_section_s_name_is_the_section_s_own() -> None:
    tree = params.load(sets=["gains=[1, 2]", "gradient_flow.gains=[3, 4]"], section="profiles", environ={})
    assert tree.profiles.gains == (1, 2) and tree.gradient_flow.gains == (3, 4)


@pytest.mark.parametrize("name", ["profiles", "routes", "gains", "activations"])
def test_every_analysis_has_a_table(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    tiny = {"depth": 2, "width": 64 if name == "activations" else 4, "batch": 4, "seeds": 1}
    if name == "gains":
        tiny["jacobians"] = 2
    section = getattr(params.load(environ={}), name)
    section = section.replace(depths=(1, 2), network=section.network.replace(**tiny)) if name == "profiles" else (
        section.replace(**tiny)
    )  # fmt: skip
    show(EXPERIMENTS[name].function()(section))
    assert len(capsys.readouterr().out.splitlines()) > 4


@MANY
@given(keys=PROFILES)
def test_any_routes_are_whole_or_flagged(keys: dict) -> None:
    record = routes(Routes.model_validate(keys))
    assert record.signed_share.shape == (keys["seeds"], keys["depth"] + 1)
    assert record.route_share.shape == (keys["seeds"], 2 ** keys["depth"])
    assert np.isfinite(record.signed_share[record.status == Status.OK]).all()
    assert np.isfinite(record.count).all()


@MANY
@given(keys=PROFILES, jacobians=st.integers(1, 2), steps=st.integers(2, 8))
def test_any_gains_are_finite_or_flagged(keys: dict, jacobians: int, steps: int) -> None:
    record = gains(Gains.model_validate(keys | {"skip_scale": 1, "jacobians": jacobians, "steps": steps}))
    assert record.random_gain.shape == (2, keys["seeds"], keys["depth"], keys["batch"])
    ok = record.status == Status.OK
    assert np.isfinite(record.loss_gain[ok]).all() and np.isfinite(record.singular_total[ok[1]]).all()


@MANY
@given(
    keys=PROFILES,
    depths=st.sets(st.integers(1, 6), min_size=1, max_size=3),
    dial=st.lists(GAINS, min_size=1, max_size=2),
)
def test_any_profiles_are_finite_or_flagged(keys: dict, depths: set[int], dial: list) -> None:
    record = profiles(Profiles.model_validate({"network": keys, "depths": sorted(depths), "gains": dial}))
    assert record.gradient_signal.shape == (len(dial), len(depths), 2, keys["seeds"], max(depths) + 1)
    assert isinstance(record, ProfilesRecord)


@settings(MANY, max_examples=8)  # each reads all digits at every depth
@given(keys=PROFILES)
def test_any_activations_are_finite_or_flagged(keys: dict) -> None:
    keys = keys | {"input": "digits", "shown": [1, 7]} | ({"width": 64} if keys["block"] == "mlp" else {})
    record = activations(Activations.model_validate(keys))
    assert record.maps.shape == (2, keys["seeds"], keys["depth"] + 1, 2, 8, 8)
    assert isinstance(record, ActivationsRecord)
    assert np.isfinite(record.maps[record.status == Status.OK]).all()
