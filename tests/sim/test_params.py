"""Parameters: layers, round-trip, and what bad input is told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import params
from sim.params import DEFAULTS, dump, load
from sim.sections.network import Network
from sim.sections.overrides import ParamsError

GAINS = st.one_of(st.floats(1e-6, 1000), st.integers(1, 1000), st.sampled_from(["he", "torch"]))
PROFILES = st.fixed_dictionaries(
    {
        "block": st.sampled_from(["conv", "mlp"]),
        "order": st.sampled_from(["literal", "open", "post", "pre"]),
        "norm": st.sampled_from(["batch", "none"]),
        "layers_per_block": st.integers(1, 2),
        "activation": st.sampled_from(["tanh", "relu", "sigmoid", "linear", "gelu"]),
        "depth": st.integers(1, 6),
        "width": st.integers(1, 10),
        "gain": GAINS,
        "bias": st.sampled_from(["normal", "torch"]),
        "bias_std": st.floats(0, 100),
        "branch_scale": st.one_of(st.floats(-100, 100), st.just("1/sqrt(depth)")),
        "skip_scale": st.one_of(st.floats(-100, 100), st.sampled_from(["gate", "projection"])),
        "gate_bias": st.floats(-100, 100),
        "input": st.sampled_from(["digits", "gaussian"]),
        "batch": st.integers(2, 6),
        "cotangent": st.sampled_from(["loss", "random"]),
        "seeds": st.integers(1, 3),
        "seed": st.integers(0, 2**31 - 1),
        "dtype": st.sampled_from(["float64", "float32"]),
    }
)


def refusal(*sets: str, path: Path | None = None, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(ParamsError) as caught:
        load(path, sets, section="profile", environ=environ or {})
    return str(caught.value)


def test_layers_overlay_in_order(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text("[profile]\ndepth = 3\nwidth = 4\nseeds = 6\n[gradient_flow.bn]\ndepth = 9\n")
    environ = {"ATAJOS_PARAMS": str(file), "ATAJOS_SET": "profile.width=5; profile.seeds = 7;"}
    defaults = load(environ={})
    found = load(
        sets=["seeds=8", "gradient_flow.gains=[1, he]".replace("he", '"he"')], section="profile", environ=environ
    )
    assert (found.profile.depth, found.profile.width, found.profile.seeds) == (3, 5, 8)
    assert found.gradient_flow.gains == (1.0, "he")
    assert found.gradient_flow.bn == defaults.gradient_flow.bn.replace(depth=9)
    assert found.profile == defaults.profile.replace(depth=3, width=5, seeds=8)
    assert load(environ={"ATAJOS_PARAMS": ""}) == defaults


def test_a_given_file_goes_before_the_environment_s(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_bytes(b"\xef\xbb\xbf[profile]\r\ndepth = 3\r\n")  # as some editors save it
    assert load(file, environ={"ATAJOS_PARAMS": "/nowhere.toml"}).profile.depth == 3


def test_every_default_is_explained() -> None:
    explained: set[str] = set()
    for line in DEFAULTS.read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not key.startswith("#"):
            explained |= {key.strip()} if "#" in value else set()
            assert key.strip() in explained, f"{key.strip()} is not explained where it first appears"


@given(profile=PROFILES, bn=PROFILES, depths=st.sets(st.integers(1, 512), min_size=2, max_size=6))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, profile: dict, bn: dict, depths: set[int]) -> None:
    changed = {"profile": profile, "gradient_flow": {"depths": sorted(depths), "gains": [1, "he"], "bn": bn}}
    tree = params.Params.model_validate({**load(environ={}).model_dump(), **changed})
    file = tmp_path_factory.getbasetemp() / "round-trip.toml"
    file.write_text(dump(tree))
    assert load(file, environ={}) == tree


@pytest.mark.parametrize(
    "setting, given_, allowed",
    [
        ("depth=true", "profile.depth = true", "a whole number from 1 to 512"),
        ("depth=8.0", "profile.depth = 8.0", "a whole number"),
        ('depth="8"', 'profile.depth = "8"', "a whole number"),
        ("depth=0", "profile.depth = 0", "from 1 to 512"),
        ("depth=513", "profile.depth = 513", "from 1 to 512"),
        ("width=-1", "profile.width = -1", "from 1 to 1024"),
        ("layers_per_block=true", "profile.layers_per_block = true", "from 1 to 2"),
        ("seed=2147483648", "profile.seed = 2147483648", "2147483647"),
        ("gain=nan", "profile.gain = NaN", '"he"'),
        ("gain=0", "profile.gain = 0", "above 0"),
        ("gain=true", "profile.gain = true", "above 0"),
        ("gain=she", 'profile.gain = "she"', '"torch"'),
        ("bias_std=inf", "profile.bias_std = Infinity", "from 0 to 100"),
        ('bias_std="0"', 'profile.bias_std = "0"', "a number from 0"),
        ("branch_scale=1/depth", 'profile.branch_scale = "1/depth"', "1/sqrt(depth)"),
        ("skip_scale=door", 'profile.skip_scale = "door"', '"gate" or "projection"'),
        ("skip_scale=-101", "profile.skip_scale = -101", "from -100 to 100"),
        ("gate_bias=nan", "profile.gate_bias = NaN", "from -100 to 100"),
        ("why_one.less=1", "why_one.less = 1", "from 0.5 to 0.999"),
        ("why_one.skip_scale=0.9", "why_one.skip_scale = 0.9", "a gate and a projection in its place"),
        ("highway.skip_scale=0.9", "highway.skip_scale = 0.9", "[profile] takes others"),
        ("gains.skip_scale=gate", 'gains.skip_scale = "gate"', "[profile] takes others"),
        ("order=after", 'profile.order = "after"', '"literal", "open", "post", "pre"'),
        ("seed=1979-01-01", "1979-01-01", "a whole number"),
        ("profile=3", "profile = 3", "a table with the keys block, order"),
        ("depht=3", "profile.depht = 3: unknown key", "did you mean profile.depth?"),
        ("gradient_flow.bn.gian=3", "gradient_flow.bn.gian", "did you mean gradient_flow.bn.gain?"),
        ("zzz=3", "profile.zzz = 3: unknown key", "allowed here: block, order"),
        ("gradient_flow.depths=[8, 9.0]", "gradient_flow.depths[1] = 9.0", "a whole number from 1 to 512"),
        ("gradient_flow.depths=[8, 8]", "[8, 8]", "deeper than the last"),
        ("gradient_flow.depths=[8]", "gradient_flow.depths = [8]", "2 to 6 rising"),
        ("gradient_flow.depths=8", "gradient_flow.depths = 8", "2 to 6 rising"),
        ("gradient_flow.gains=[1, -1]", "gradient_flow.gains[1] = -1", "above 0"),
        ("batch=3000", "batch = 3000", "1797 digits"),
        ("depth", "'depth'", "key=value"),
        ("=3", "'=3'", "key=value"),
        ("gain=a b", "profile.gain = a b", "not a value"),
        ("gain=", "profile.gain", "not a value"),
    ],
)
def test_a_setting_is_refused_with_key_value_and_what_is_allowed(setting: str, given_: str, allowed: str) -> None:
    message = refusal(setting)
    assert message.startswith("--set: ")
    assert given_ in message and allowed in message
    assert len(message.splitlines()) == 1


def test_all_errors_come_at_once_each_with_its_source(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text('[profile]\ndepth = "deep"\nwidht = 3\n[profil]\nx = 1\n')
    lines = refusal("order=up", "seeds", path=file, environ={"ATAJOS_SET": "profile.batch=0;batch=3"}).splitlines()
    told = "\n".join(lines)
    assert len(lines) == 7
    assert f'{file}: profile.depth = "deep": must be a whole number from 1 to 512' in lines
    assert f"{file}: profile.widht = 3: unknown key; did you mean profile.width?" in lines
    assert f"{file}: profil = " in told
    assert "ATAJOS_SET: profile.batch = 0" in told
    assert "ATAJOS_SET: batch = 3: unknown key; did you mean profile.batch?" in lines
    assert '--set: profile.order = "up"' in told
    assert "--set: 'seeds': write it as key=value" in told


def test_what_does_not_fit_together_names_the_sources_and_the_estimate(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text("[profile]\ndepth = 512\nwidth = 1024\nbatch = 1797\n")
    message = refusal(path=file)
    assert str(file) in message and "depth = 512, width = 1024" in message and "GiB" in message


def test_the_largest_profile_promised_is_allowed() -> None:
    load(sets=["depth=110", "width=256", "batch=256"], section="profile", environ={})


@pytest.mark.parametrize(
    "content, told",
    [
        (b"[profile]\ndepth = = 3\n", "line 2, column 9"),
        (b"[profile]\ndepth = '\xff'\n", "not UTF-8 text (byte 19)"),
        (None, "no such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, told: str) -> None:
    file = tmp_path / "my.toml"
    if content is not None:
        file.write_bytes(content)
    message = refusal(path=file)
    assert message.startswith(f"{file}: ") and told in message


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    assert refusal(path=tmp_path) == f"{tmp_path}: is a directory; give a TOML file"


def test_errors_beside_a_broken_file_are_told_too(tmp_path: Path) -> None:
    file = tmp_path / "my.toml"
    file.write_text("=")
    assert len(refusal("depth=0", path=file).splitlines()) == 2


def test_the_tree_is_frozen() -> None:
    profile: Network = load(environ={}).profile
    with pytest.raises(ValueError):
        profile.depth = 3
