"""`python -m sim all`: computes what is missing, resumes, and stops at once and clean."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_store import names

from sim import everything, params
from sim import store as sim_store
from sim.__main__ import main
from sim.registry import EXPERIMENTS
from sim.work.processes import cores
from tests.conftest import wait_for

TRAINED = "batch = 8\nsteps = 2\nwidth = 2\nseeds = 1\n"
READ = TRAINED + "search_seeds = 1\neval_examples = 8\nlearning_rates = [0.1]\n"
TINY = f"""
[profile]
depth = 2
seeds = 1
batch = 4
[identity]
{TRAINED}
snapshots = [0]
[training]
{READ}
layers = 2
snapshots = [0]
"""
MINE = ("profile", "identity", "training")


@pytest.fixture(autouse=True)
def only_mine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Experiments that are not shrunk here are left alone; a subprocess is told by the store it finds."""
    for name in set(EXPERIMENTS) - set(MINE):
        monkeypatch.delitem(EXPERIMENTS, name)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    file = tmp_path / "tiny.toml"
    file.write_text(TINY)
    return file


def begin(*arguments: str) -> subprocess.Popen[str]:
    code = f"""if __name__ == "__main__":
    import sys
    from sim.registry import EXPERIMENTS
    for name in set(EXPERIMENTS) - set({MINE!r}):
        del EXPERIMENTS[name]
    from sim.__main__ import main
    code = main(sys.argv[1:])
    print("torch" in sys.modules)
    sys.exit(code)
"""
    command = [sys.executable, "-c", code, "all", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_all_computes_then_reads_and_says_so(store: Path, tiny: Path) -> None:
    tree = params.load(tiny, ["identity.seed=4"])
    sim_store.fetch("profile", tree.profile)
    process = begin("--params", str(tiny), "--set", "identity.seed=4")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "2 computed, 1 from the store" in out and "False" in out  # no torch in this process
    assert "identity    computed" in out and "profile     from the store" in out
    assert len(names(store)) == 3
    for name in MINE:  # a process of its own, with one thread, makes the same bytes as this one
        section = EXPERIMENTS[name].params(tree)
        assert sim_store.digest(EXPERIMENTS[name].function()(section)) == sim_store.digest(
            sim_store.fetch(name, section)
        )
    process = begin("--params", str(tiny), "--set", "identity.seed=4")
    out, err = process.communicate(timeout=60)
    assert "0 computed, 3 from the store" in out and err == ""


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks at processes")
def test_ctrl_c_stops_at_once_and_what_is_done_stays(store: Path, tiny: Path) -> None:
    process = begin("--params", str(tiny), "--set", "identity.steps=100000", "--set", "training.steps=100000")
    workers = wait_for_workers(process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "interrupted" in err and "Traceback" not in err
    wait_for(lambda: not alive(workers))
    assert all(name.endswith(".npz") and not name.startswith(".") for name in names(store))


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks at processes")
def test_workers_do_not_outlive_a_process_that_is_killed(store: Path, computed: Path, tiny: Path) -> None:
    """One worker, as two of the records are there."""
    shutil.copytree(computed, store, dirs_exist_ok=True)
    process = begin("--params", str(tiny), "--set", "identity.steps=100000")
    workers = wait_for_workers(process, 1)
    process.kill()
    process.communicate(timeout=60)
    wait_for(lambda: not alive(workers))


def test_a_worker_that_is_killed_once_costs_no_record(
    store: Path, computed: Path, tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everything, "compute", deadly_once)
    assert main(["all", "--params", str(tiny)]) == 0
    assert "3 computed, 0 from the store" in capsys.readouterr().out
    assert len(names(store)) == 3 and marker().exists()


def test_a_record_that_kills_its_process_is_named_and_the_others_are_there(
    store: Path, computed: Path, tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everything, "compute", deadly)
    assert main(["all", "--params", str(tiny)]) == 2
    err = capsys.readouterr().err
    assert "identity: its process was killed" in err and "could not be computed: identity\n" in err
    assert sorted(name.split("-")[0] for name in names(store)) == ["profile", "training"]


def deadly(name: str, section: Any) -> float:
    """As if the system had taken the memory back from whoever computes identity; others find what they compute."""
    if name == "identity":
        marker().touch()
        os._exit(1)
    return found(name, section)


def deadly_once(name: str, section: Any) -> float:
    return found(name, section) if marker().exists() else deadly(name, section)


def found(name: str, section: Any) -> float:
    """A record that was computed before, put into the store: no worker has to load torch for it."""
    path = sim_store.path_of(name, section)
    shutil.copy(Path(os.environ["COMPUTED"]) / path.name, path)
    return 0.0


@pytest.fixture
def computed(computed_once: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COMPUTED", str(computed_once))
    return computed_once


@pytest.fixture(scope="module")
def computed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the records of TINY."""
    folder = tmp_path_factory.mktemp("computed")
    (folder / "tiny.toml").write_text(TINY)
    tree = params.load(folder / "tiny.toml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATAJOS_STORE", str(folder))
        for name in MINE:
            sim_store.fetch(name, EXPERIMENTS[name].params(tree))
    return folder


def marker() -> Path:
    """Of a process that died, beside the store."""
    return sim_store.folder().with_suffix(".died")


def wait_for_workers(process: subprocess.Popen[str], count: int = 2) -> list[int]:
    """The processes that compute: those that have loaded torch, as many as there are cores for."""

    def computing() -> list[int]:
        maps = {pid: Path(f"/proc/{pid}/maps") for pid in children_of(process.pid)}
        return [pid for pid, file in maps.items() if file.exists() and "libtorch_cpu" in file.read_text()]

    wait_for(lambda: len(computing()) >= min(count, cores()) or process.poll() is not None)
    return computing()


def alive(pids: list[int]) -> list[int]:
    """Those that run; what is dead and not yet buried has no command line."""
    lines = {pid: Path(f"/proc/{pid}/cmdline") for pid in pids}
    return [pid for pid, line in lines.items() if line.exists() and line.read_bytes()]


def children_of(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in tasks.read_text().split()] if tasks.exists() else []


def test_all_takes_no_json_and_knows_no_key_without_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["all", "--json", "-"]) == 2
    assert main(["all", "--set", "depth=3"]) == 2
    err = capsys.readouterr().err
    assert "one record" in err and "depth = 3: unknown key" in err


def test_a_record_that_fails_is_named(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = params.load(tiny)
    sim_store.fetch("profile", tree.profile)
    sim_store.fetch("training", tree.training)
    sim_store.path_of("identity", tree.identity).mkdir(parents=True)
    assert main(["all", "--params", str(tiny)]) == 2
    assert "could not be computed: identity" in capsys.readouterr().err
