"""Whatever has happened to files in the meantime, the film is right; nothing that was damaged is taken for sound."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scenes.kit.telling.timeline import beside
from scenes.kit.video import made_with, seal
from scenes.studio.farm import plans
from scenes.studio.farm.orders import Clip, look_up
from scenes.studio.files.outputs import deliver
from scenes.studio.look import Look
from sim.params import load
from tests.conftest import SMALL
from tests.studio.farm import tiny
from tests.studio.farm.here import Here

pytestmark = pytest.mark.xdist_group("damage")
NAMES = ("PlainBlock",)
SOFT = Look(captions="soft")


def flip(path: Path, other: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def flip_the_last(path: Path, other: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 32
    path.write_bytes(content)


def cut(path: Path, other: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def empty(path: Path, other: Path) -> None:
    path.write_bytes(b"")


def fill(path: Path, other: Path) -> None:
    path.write_bytes(b"\xff\x00[[{" * 4000)


def add(path: Path, other: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def remove(path: Path, other: Path) -> None:
    path.unlink()


def swap(path: Path, other: Path) -> None:
    mine, its = path.read_bytes(), other.read_bytes()
    path.write_bytes(its)
    other.write_bytes(mine)


def dangle(path: Path, other: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


Damage = Callable[[Path, Path], None]
DAMAGES = (flip, flip_the_last, cut, empty, fill, add, remove, swap, dangle)


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("params") / "small.toml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, params: Path) -> tuple[Path, bytes, str]:
    """A media folder with a chapter in two looks, the one's pictures, and what is said in them."""
    media = tmp_path_factory.mktemp("sound") / "media"
    tiny.draw(media, params, NAMES, "identity.width=3", pool=Here)
    (clip,) = tiny.draw(media, params, NAMES, pool=Here)
    return media, clip.path.read_bytes(), beside(clip.path).read_text()


def again(media: Path, params: Path) -> Clip:
    (clip,) = tiny.draw(media, params, NAMES, pool=Here)
    return clip


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("what", ["plan", "beats", "clip", "segment"])
def test_damaged_media_are_not_trusted(what: str, damage: Damage, sound, params: Path, tmp_path: Path) -> None:
    media = tmp_path / "media"
    shutil.copytree(sound[0], media)
    (shot,) = tiny.shots(params, NAMES)
    plan = plans.path_of(shot, media)
    made = again(media, params)
    assert made.path is not None and made.plan is not None and made.drawn == 0
    other = next(path for path in (media / "clips").glob("*.mp4") if path != made.path)
    segments = [media / "segments" / f"{play.key}.mp4" for play in made.plays]
    (tmp_path / "other.plan").write_bytes(plan.read_bytes().replace(b"PlainBlock", b"GrainBlock"))
    pairs = {
        "plan": (plan, tmp_path / "other.plan"),
        "beats": (beside(made.path), beside(other)),
        "clip": (made.path, other),
        "segment": (segments[2], segments[3]),
    }
    damage(*pairs[what])
    if what == "segment":
        made.path.unlink()  # else nobody asks for segments
    right = again(media, params)
    assert right.path is not None
    assert (right.path.read_bytes(), beside(right.path).read_text()) == sound[1:]
    assert right.drawn == (0 if what != "segment" else 2 if damage is swap else 1)
    assert again(media, params).summary.endswith("from the cache")


@pytest.mark.parametrize("damage", [flip, cut, empty, remove, swap, dangle])
@pytest.mark.parametrize("ending", [".mp4", ".png", ".srt", ".md", ".mp4.json"])
def test_damaged_files_are_delivered_anew(ending: str, damage: Damage, sound, params: Path, tmp_path: Path) -> None:
    clip = again(sound[0], params)
    target = deliver([clip.path], SOFT, tmp_path, "x", load())
    right = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    (damaged,) = (path for path in tmp_path.iterdir() if path.name == f"{target.stem}{ending}")
    damage(damaged, target.with_suffix(".vtt"))
    deliver([clip.path], SOFT, tmp_path, "x", load())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == right


def test_a_folder_in_the_place_of_a_file_is_told(sound, params: Path, tmp_path: Path) -> None:
    clip = again(sound[0], params)
    target = deliver([clip.path], SOFT, tmp_path, "x", load())
    target.unlink()
    target.mkdir()
    with pytest.raises(OSError) as told:
        deliver([clip.path], SOFT, tmp_path, "x", load())
    assert "x-es-480p.mp4" in f"{told.value.filename} {told.value.filename2}"


def test_a_segment_is_read_once_to_be_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(9):
        (tmp_path / f"{i}.mp4").write_bytes(bytes([i]) * 40_000)  # what two seconds take at 480p
        seal.seal(tmp_path / f"{i}.mp4", str(i))
    reads, opened = [], io.open

    def count(path: Path, *rest: object, **more: object) -> object:
        reads.append(Path(path).name)
        return opened(path, *rest, **more)

    monkeypatch.setattr(io, "open", count)
    assert all(seal.is_sound(tmp_path / f"{i}.mp4", str(i)) for i in range(9))
    assert reads == [f"{i}.mp4" for i in range(9)]
    assert not seal.is_sound(tmp_path / "1.mp4", "2")


@pytest.mark.parametrize("library", ["typst", "pycairo", "manimpango", "av", "numpy"])
def test_another_version_of_a_library_draws_anew_and_says_so(library: str, sound, params: Path, monkeypatch) -> None:
    (shot,) = tiny.shots(params, NAMES)
    now = made_with.versions()
    monkeypatch.setattr(made_with, "versions", lambda: {**now, library: "99"})
    assert look_up(shot, sound[0]).why == f"{library} {now[library]} was replaced by 99"
