"""`python -m sim` as a user runs it."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from test_store import names

from sim.__main__ import main
from sim.experiments.profile import ProfileRecord
from sim.records.codec import from_json
from tests.conftest import PATIENCE, wait_for

SMALL = ["--set", "depth=3", "--set", "batch=8", "--set", "seeds=2"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "sim", *arguments], capture_output=True, text=True)


def test_json_alone_on_standard_output_then_from_the_store() -> None:
    cold = run("profile", *SMALL, "--json", "-")
    assert cold.returncode == 0 and cold.stderr == ""
    record = from_json(ProfileRecord, cold.stdout)
    assert record.gradient_signal.shape == (2, 2, 4)
    assert record.params["depth"] == 3
    warm = run("profile", *SMALL, "--json", "-")
    assert warm.stdout == cold.stdout


def test_list_and_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert capsys.readouterr().out.startswith("profile ")
    assert main(["profile", *SMALL]) == 0
    out = capsys.readouterr().out
    assert "h_0" in out and "h_3" in out and "residual" in out and "10^" in out


def test_json_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "record.json"
    assert main(["profile", *SMALL, "--json", str(out)]) == 0
    assert json.loads(out.read_text())["experiment"] == "profile"
    assert names(tmp_path) == ["record.json"]


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["profil"], "did you mean profile?"),
        ([], "EXPERIMENT"),
        (["profile", "--sett", "a=b"], "--sett"),
        (["profile", "--set", "depth=0"], "profile.depth = 0"),
        (["profile", "--params", "nowhere.toml"], "nowhere.toml: no such file"),
        (["profile", "--json", "nowhere/out.json"], "no folder nowhere"),
        (["profile", "--json", "."], "is a directory"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == "" and told in err and "Traceback" not in err


def test_all_errors_in_one_message_from_the_shell() -> None:
    found = run("profile", "--set", "depht=3", "--set", "width=0")
    assert found.returncode == 2 and found.stdout == ""
    assert "profile.depth?" in found.stderr and "profile.width = 0" in found.stderr and "Traceback" not in found.stderr


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks at processes")
def test_ctrl_c_is_one_line_and_130(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "record.json"
    long = ["--set", "depth=500", "--set", "seeds=1000", "--json", str(out)]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "profile", *long], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    maps = Path(f"/proc/{process.pid}/maps")  # it has begun to compute
    wait_for(lambda: "libtorch" in maps.read_text() or process.poll() is not None)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert stdout == "" and len(stderr.splitlines()) == 1
    assert names(store) == [] and not out.exists()
