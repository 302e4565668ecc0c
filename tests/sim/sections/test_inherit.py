"""[network] and [learner] are written once: who inherits, what counts, and how it is told."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.params import DEFAULTS, Params, ParamsError, changed, dump, load
from sim.sections.inherit import heirs

FROZEN = json.loads((Path(__file__).parent / "defaults.json").read_text())
NETWORKS = (
    "profile",
    "gradient_flow.bn",
    "routes",
    "gains",
    "profiles.network",
    "activations",
    "highway",
    "why_one",
    "starts.network",
)
LEARNERS = ("identity", "degradation", "lesion", "training", "starts.training")
PRESETS = sorted(path for path in DEFAULTS.parent.glob("*.toml") if path != DEFAULTS)


def read(*sets: str, file: Path | None = None) -> Params:
    return load(file, sets, environ={})


def at(tree: Params, dotted: str) -> object:
    value: object = tree
    for name in dotted.split("."):
        value = getattr(value, name)
    return value


def test_the_defaults_are_what_they_were_when_every_table_stood_in_full() -> None:
    told = read().model_dump(mode="json")
    assert {name: told[name] for name in FROZEN} == FROZEN
    assert told.keys() - FROZEN.keys() == {"network", "learner", "starts", "after_training", "why_one"}


def test_who_inherits() -> None:
    found = {".".join(heir.key): heir for heir in heirs(Params)}
    assert {name for name, heir in found.items() if heir.base == "network"} == set(NETWORKS)
    assert {name for name, heir in found.items() if heir.base == "learner"} == set(LEARNERS)
    every = set(type(read().network).model_fields)
    assert found["routes"].names == every
    assert found["activations"].names == every - {"input"}
    assert found["highway"].names == every - {"input", "skip_scale"}
    assert found["why_one"].names == every - {"skip_scale"}
    assert found["gains"].names == every - {"skip_scale"}
    assert found["gradient_flow.bn"].names == every - {"norm"}
    assert "steps" not in found["lesion"].names and "momentum" not in found["identity"].names


def test_one_key_of_the_network_changes_every_network_and_nothing_else() -> None:
    before, after = read(), read("network.depth=32")
    for name in NETWORKS:
        assert at(after, name) == at(before, name).replace(depth=32)  # type: ignore[attr-defined]
    for name in LEARNERS:
        assert at(after, name) == at(before, name)
    assert after.gradient_flow.depths == before.gradient_flow.depths
    assert after.routes.order == "pre"  # particular to this table, and not what was changed


def test_what_the_user_says_of_a_table_goes_before_what_they_say_of_all(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text("[routes]\ndepth = 9\n[network]\ngain = 2.0\n")
    tree = read("network.depth=32", "network.gain=3.0", "highway.gain=4", file=file)
    assert (tree.routes.depth, tree.gains.depth) == (9, 32)
    assert (tree.routes.gain, tree.highway.gain) == (3.0, 4.0)
    # A value that happens to be the default's is said all the same.
    assert read("network.depth=56").gains.depth == 56
    assert read("network.depth=32", "gains.depth=20").gains.depth == 20


def test_tables_keep_what_makes_them_what_they_are() -> None:
    tree = read("network.norm=none", "network.input=gaussian", "network.width=40")
    assert (tree.gradient_flow.bn.norm, tree.routes.norm) == ("batch", "none")
    assert (tree.activations.input, tree.highway.input, tree.gains.input) == ("digits", "digits", "gaussian")
    assert tree.activations.width == 40
    assert read("gradient_flow.bn.norm=none").gradient_flow.bn.norm == "none"


def test_networks_that_learn_share_a_table_of_their_own() -> None:
    tree = read("learner.width=4", "learner.batch=32", "identity.batch=16", "learner.momentum=0.5")
    assert [at(tree, f"{name}.width") for name in LEARNERS[:4]] == [4] * 4
    assert [at(tree, f"{name}.batch") for name in LEARNERS] == [16, 32, 32, 32, 32]
    assert tree.lesion.momentum == tree.starts.training.momentum == 0.5 and tree.routes.width == 8
    assert tree.degradation.steps == 200 and tree.lesion.steps == 250


@pytest.mark.parametrize("dotted", NETWORKS[2:])
def test_keys_of_old_still_do_what_they_did(dotted: str) -> None:
    before, after = read(), read(f"{dotted}.depth=11")
    assert at(after, dotted) == at(before, dotted).replace(depth=11)  # type: ignore[attr-defined]
    assert after.network == before.network and after.profile == before.profile


def test_a_key_is_that_of_the_section_at_hand() -> None:
    tree = load(sets=["network.seeds=2", "gains=[1]", "gains.depth=3"], section="profiles", environ={})
    assert (tree.profiles.network.seeds, tree.network.seeds) == (2, 5)
    assert (tree.profiles.gains, tree.gains.depth) == ((1.0,), 3)
    assert load(sets=["network.seeds=2"], section="routes", environ={}).gains.seeds == 2


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("network.depth=600", ["--set: network.depth = 600: must be a whole number from 1 to 512"]),
        ("network=3", ["--set: network = 3: must be a table with the keys block"]),
        ("network.dpth=3", ["--set: network.dpth = 3: unknown key; did you mean network.depth?"]),
        ("learner.gain=she", ['--set: learner.gain = "she": must be a number above 0']),
        ("network={depth=512, width=1024, batch=999}", ["--set: network: depth = 512, width = 1024, batch = 999"]),
        ("learner.seeds=2", ["--set: lesion: search_seeds = 5 with seeds = 2", "--set: training: search_seeds = 5"]),
    ],
)
def test_what_is_wrong_with_the_network_is_told_once(setting: str, told: list[str]) -> None:
    with pytest.raises(ParamsError) as caught:
        read(setting)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(told)
    assert all(line.startswith(start) for line, start in zip(lines, told, strict=True))


def test_what_does_not_fit_says_what_was_inherited(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text("[network]\nbatch = 2\n")
    with pytest.raises(ParamsError) as caught:
        read("gains.jacobians=3", "activations.shown=[1]", file=file)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"--set, {file}: gains: jacobians = 3 with batch = 2")
    assert line.endswith("(batch is that of [network])")


def test_a_mistake_of_a_table_is_told_beside_the_network_s() -> None:
    with pytest.raises(ParamsError) as caught:
        read("network.depth=0", "routes.depth=-1", "profile.width=0")
    assert [line.split(" = ")[0] for line in str(caught.value).splitlines()] == [
        "--set: network.depth",
        "--set: profile.width",
        "--set: routes.depth",
    ]


def test_what_is_changed_is_said_where_it_comes_from() -> None:
    assert changed(read()) == []
    assert changed(read("network.depth=32")) == ["network.depth = 32"]
    assert changed(read("network.depth=32", "routes.depth=27")) == ["network.depth = 32", "routes.depth = 27"]
    assert changed(read("routes.depth=12", "gradient_flow.depths=[1,2]")) == [
        "gradient_flow.depths = [1, 2]",
        "routes.depth = 12",
    ]
    # All networks follow a value that is the default of [network]: said once, too.
    assert changed(read("network.depth=56")) == ["network.depth = 56"]


SETTINGS = st.lists(
    st.tuples(
        st.sampled_from(("network", *NETWORKS)),
        st.sampled_from(["depth=9", "depth=20", "order=open", "gain=1.5", "norm=batch", "norm=none", "seeds=2"]),
    ).map(".".join),
    max_size=6,
)


@given(sets=SETTINGS)
def test_what_is_changed_makes_the_same_parameters_again(sets: list[str]) -> None:
    tree = read(*sets)
    assert read(*changed(tree)) == tree


@given(sets=SETTINGS)
def test_round_trip_with_inheritance(tmp_path_factory: pytest.TempPathFactory, sets: list[str]) -> None:
    tree = read(*sets)
    file = tmp_path_factory.getbasetemp() / "inherited.toml"
    file.write_text(dump(tree))
    assert read(file=file) == tree


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_a_preset_changes_one_place(path: Path) -> None:
    told = changed(read(file=path))
    tables = {line.split(" = ")[0].rpartition(".")[0] for line in told}
    assert tables & {"network", "learner"}
    shared = [line for line in told if line.startswith(("network.", "learner."))]
    assert len(shared) >= 4 and read(*told) == read(file=path)


def test_no_default_is_written_twice() -> None:
    """Removing any key that a table shares with [network] or [learner] from default.toml would change a value."""
    import tomllib

    tree = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    for heir in heirs(Params):
        table = tree
        for name in heir.key:
            table = table[name]
        assert not [name for name in heir.names & table.keys() if table[name] == tree[heir.base][name]], heir.key


def test_who_sets_the_deviation_of_biases_wants_biases_of_that_deviation() -> None:
    assert read().profile.bias == "torch"
    assert read("profile.bias_std=0.1").profile.bias == "normal"
    assert read("profile.bias_std=0.1").highway.bias == "torch"
    assert read("network.bias_std=0").highway.bias == "normal"
    assert read("network.bias_std=0", "highway.bias=torch").highway.bias == "torch"
    assert read("network.bias=normal").routes.bias == "normal"
    assert read().profile.replace(bias_std=0.2).bias == "normal"
