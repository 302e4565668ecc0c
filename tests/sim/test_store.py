"""The store: what is kept is found again, what is damaged is not believed, what fails leaves nothing behind."""

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import store as sim_store
from sim.records import atomic, source
from sim.records.codec import digest, from_arrays, to_arrays
from sim.sections.network import Network
from sim.store import StoreError, fetch, path_of

Make = Callable[..., Network]
REFETCH = """
import sys
from sim import params, store
record = store.fetch("profile", params.load(sets=["depth=2", "seeds=1", "batch=4"], section="profile").profile)
print(store.digest(record), "torch" in sys.modules or "jaxtyping" in sys.modules)
"""


@pytest.fixture
def small(make: Make) -> Network:
    return make(depth=2, seeds=1, batch=4)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refetch() -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", REFETCH], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_warm_fetch_reads_the_same_record_without_torch(small: Network) -> None:
    record = fetch("profile", small)
    process = refetch()
    out, err = process.communicate()
    assert out.split() == [digest(record), "False"] and err == ""


def test_two_processes_at_once_are_both_right(store: Path, small: Network) -> None:
    pair = [refetch(), refetch()]
    results = [process.communicate() for process in pair]
    assert [err for _, err in results] == ["", ""]
    assert results[0][0] == results[1][0] == f"{digest(fetch('profile', small))} True\n"
    assert names(store) == [path_of("profile", small).name]


def test_other_parameters_are_another_record(store: Path, small: Network) -> None:
    assert path_of("profile", small) != path_of("profile", small.replace(depth=3))
    assert path_of("profile", small.replace(gain=2)) == path_of("profile", small.replace(gain=2.0))
    fetch("profile", small)
    fetch("profile", small.replace(seed=1))
    assert len(names(store)) == 2


def test_other_source_is_another_record(small: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path_of("profile", small)
    monkeypatch.setattr(source, "digest", lambda experiment: "changed")
    assert path_of("profile", small) != before


def forged(path: Path) -> None:
    """A file whose arrays were changed after it was written, in a zip that is whole."""
    with np.load(path) as file:
        arrays = dict(file)
    arrays["branch_ratio"] = arrays["branch_ratio"] * 2
    np.savez(path, **arrays)


def pickled(path: Path) -> None:
    with np.load(path) as file:
        arrays: dict[str, Any] = dict(file)
    arrays["params"] = np.array({"depth": 2}, dtype=object)
    np.savez(path, **arrays)


def flipped(content: bytes) -> bytes:
    """One bit of the first array's numbers, the other way round."""
    return content[:220] + bytes([content[220] ^ 1]) + content[221:]


def foreign(path: Path) -> None:
    np.savez(path, x=np.arange(3))


def anothers(path: Path) -> None:
    """A record that is sound but was asked for by other parameters."""
    with np.load(path) as file:
        arrays = dict(file)
    arrays[sim_store.LABEL] = np.array(str(arrays[sim_store.LABEL]).replace("tanh", "relu"))
    np.savez(path, **arrays)


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("not a record"),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-300]),
    "flipped": lambda path: path.write_bytes(flipped(path.read_bytes())),
    "half": lambda path: path.write_bytes(path.read_bytes()[:700]),
    "forged": forged,
    "pickled": pickled,
    "foreign": foreign,
    "another's": anothers,
    "npy": lambda path: np.save(path.open("wb"), np.arange(3)),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_recomputed_with_a_warning(
    small: Network, damage: Callable[[Path], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    record, path = fetch("profile", small), path_of("profile", small)
    sound = path.read_bytes()
    damage(path)
    assert path.read_bytes() != sound
    again = fetch("profile", small)
    warning = capsys.readouterr().err
    assert str(path) in warning and "anew" in warning and len(warning.splitlines()) == 1
    assert digest(again) == digest(record)
    assert path.read_bytes() == sound
    assert capsys.readouterr().err == ""


def test_a_full_disk_is_one_clear_message_and_leaves_nothing(
    store: Path, small: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(StoreError) as caught:
        fetch("profile", small)
    assert (
        str(store) in str(caught.value) and "No space left" in str(caught.value) and "ATAJOS_STORE" in str(caught.value)
    )
    assert names(store) == []


def test_ctrl_c_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    target = tmp_path / "record.npz"
    target.write_bytes(b"before")
    monkeypatch.setattr(atomic.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        atomic.write(target, b"after")
    assert target.read_bytes() == b"before" and names(tmp_path) == ["record.npz"]


def test_a_store_that_cannot_be_made_is_refused_before_any_work(
    tmp_path: Path, small: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ATAJOS_STORE", str(tmp_path / "file" / "records"))
    monkeypatch.setattr("sim.measure.profile.profile", lambda params: pytest.fail("computed in vain"))
    with pytest.raises(StoreError):
        fetch("profile", small)


def test_a_read_only_store_is_refused(small: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:  # not pytest's, which is closed to others
        store = Path(folder) / "store"
        store.mkdir()
        store.chmod(0o555)
        Path(folder).chmod(0o755)
        monkeypatch.setenv("ATAJOS_STORE", str(store))
        fetch_as_nobody = os.geteuid() == 0  # root may write anywhere
        try:
            if fetch_as_nobody:
                os.seteuid(65534)
            with pytest.raises(StoreError):
                fetch("profile", small)
        finally:
            if fetch_as_nobody:
                os.seteuid(0)


def test_a_directory_in_the_record_s_place_is_a_clear_message(small: Network) -> None:
    path_of("profile", small).mkdir(parents=True)
    with pytest.raises(StoreError):
        fetch("profile", small)


def test_arrays_hold_no_pickles(small: Network) -> None:
    arrays = to_arrays(fetch("profile", small))
    assert all(array.dtype.kind in "fiU" for array in arrays.values())
    assert from_arrays(type(fetch("profile", small)), arrays)
