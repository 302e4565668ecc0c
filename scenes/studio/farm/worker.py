"""What worker processes do: tell a chapter, draw a slice of it, compute a record.

Frames are pure, so any range of a chapter's plays can be drawn by any process: it tells what comes before without
drawing it. All that a job needs travels with it, and all that it makes can travel back: workers may share a disk with
the one who asks (files appear there, whole), or may not (bytes are returned).
"""

from __future__ import annotations

import contextlib
import functools
import io
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass, replace
from pathlib import Path
from typing import Any

from manim import config, tempconfig
from manim._config.video_encoder import video_encoder_fingerprint
from manim.utils.exceptions import EndSceneEarlyException
from PIL import Image

from scenes.film import FILM
from scenes.kit.drawing.tiles import ALONE, scenery
from scenes.kit.errors import MissingRecordsError, UsageError, disk_error
from scenes.kit.telling.lecture import Lecture
from scenes.kit.telling.setting import using
from scenes.kit.video import code, pictures
from scenes.kit.video.segments import SegmentRenderer, SegmentWriter
from scenes.studio.farm.messages import Disk, Drawn, Failure, Glanced, Missing, Play, Shot, Told
from sim import store
from sim.paths import records_in
from sim.records import atomic, source
from sim.work.memory import peak
from sim.work.scratch import scratch

SMALL = 854 * 480  # pixels
_ALONE = threading.Lock()  # manim's configuration is one for a process, and some clusters give jobs to threads


def safely(job: Callable[..., Any]) -> Callable[..., Any]:
    """A job that answers with :class:`Failure` what a user can mend, and with :class:`Missing` what it lacks."""

    @functools.wraps(job)
    def answer(*arguments: Any) -> Any:
        said = io.StringIO()
        try:
            with _ALONE, contextlib.redirect_stderr(said):
                done = job(*arguments)
            if not isinstance(done, Drawn):  # drawing says what telling has said
                sys.stderr.write(said.getvalue())
            return done
        except MissingRecordsError as missing:
            return Missing(tuple((missing.experiment, one) for one in missing.wanted))
        except SystemExit:  # the scene has said why
            return Failure(said.getvalue().strip().removeprefix("atajos: "))
        except UsageError as error:
            return Failure(str(error))
        except Exception as error:
            cause = disk_error(error)
            if cause is not None and not isinstance(cause, ModuleNotFoundError):
                place = f"{cause.filename}: " if cause.filename else ""
                return Failure(f"cannot write or read a file: {place}{cause.strerror or cause}")
            if isinstance(error, ValueError | RuntimeError) and "encoder" in str(error):
                return Failure(f"the video cannot be encoded: {error}")  # names codec and format
            raise

    return answer


# jobs


@safely
def tell(shot: Shot, disk: Disk, glimpses: bool = False) -> Told:
    """Tell a chapter without drawing; with ``glimpses``, note how its beats end."""
    begun = time.process_time()
    with stage_set(shot, disk):
        kind = shot.chapter.scene()
        scene = kind(Teller, skip_animations=True)
        ends: dict[str, str] = {}
        if glimpses:
            scene.at_beat_end.append(lambda told, beat: ends.update({beat: pictures.glimpse(told)}))
        scene.render()
        timeline = scene.timeline() if hasattr(scene, "timeline") else None
        renderer: Any = scene.renderer
        return Told(
            plays=tuple(renderer.told),
            sections=dict(scene.reads),
            records=tuple(dict.fromkeys(scene.fetched)),
            sources={name: source.digest(name) for name, _ in scene.fetched},
            words=scene.narration.digest(),
            names=tuple(base.__name__ for base in kind.__mro__),
            code=code.digest_of(tuple(kind.__mro__)),
            timeline=asdict(timeline) if is_dataclass(timeline) and not isinstance(timeline, type) else None,
            seconds=time.process_time() - begun,
            glimpses=ends,
        )


@safely
def glance(shot: Shot, disk: Disk, before: Mapping[str, str]) -> Glanced:
    """Look for the first beat that ends with another picture than ``before``; what comes after it is not told."""
    found: list[Glanced] = []

    def look(scene: Lecture, beat: str) -> None:
        if pictures.glimpse(scene) == before.get(beat):
            return
        with scenery(ALONE):
            frame = pictures.seen(scene)
        content = io.BytesIO()
        Image.fromarray(frame).save(content, "PNG", compress_level=1)
        found.append(Glanced(beat, content.getvalue()))
        raise EndSceneEarlyException

    with stage_set(shot, disk):
        scene = shot.chapter.scene()(Teller, skip_animations=True)
        scene.at_beat_end.append(look)
        scene.render()
    return found[0] if found else Glanced(None, b"")


@safely
def draw(shot: Shot, disk: Disk, plays: Sequence[int]) -> Drawn:
    """Draw the plays of these numbers into segments; those that are there, whole, are left alone."""
    with stage_set(shot, disk) as scratch:
        folder = disk.segments or scratch / "segments"
        scene = shot.chapter.scene()(functools.partial(SliceRenderer, plays, folder))
        scene.render()
        renderer: Any = scene.renderer
        made = renderer.made
        content: dict[str, bytes] = {}
        if disk.segments is None:
            for path in made:
                content[path.stem] = path.read_bytes()
                path.unlink()
        return Drawn({path.stem: seconds for path, seconds in made.items()}, content, renderer.drawn, _taken())


def _taken() -> int:
    """Bytes that this process has held at most; 0, not known, if it has computed a record as well."""
    return 0 if "torch" in sys.modules else peak()


@safely
def simulate(wanted: tuple[str, Any], disk: Disk) -> tuple[str, bytes | None]:
    """See to it that a record is in the store: its file's name, and its bytes if the store is not shared."""
    experiment, params = wanted
    with records_in(_store(disk)):
        store.fetch(experiment, params)
        path = store.path_of(experiment, params)
        return path.name, path.read_bytes() if disk.store is None else None


def warm_up() -> None:
    """Import all chapters, and note which code it is that was imported."""
    for chapter in FILM:
        code.digest_of(tuple(chapter.scene().__mro__))


# around a job


@contextlib.contextmanager
def stage_set(shot: Shot, disk: Disk) -> Iterator[Path]:
    """Setting and configuration that a scene reads, for a while. Yields a folder of this process alone."""
    scratch, kept = _scratch(disk.scratch), _store(disk)
    for name, content in disk.records:
        if not (kept / name).exists():
            kept.mkdir(parents=True, exist_ok=True)
            atomic.write(kept / name, content)
    settings = {
        "media_dir": str(scratch / "media"),
        "input_file": str(shot.chapter.file),
        "tex_dir": str(scratch / "formulas"),
        "progress_bar": "none",
        "verbosity": "ERROR",
        "max_files_cached": -1,
        # Other workers have use for the core, and frames for the memory: one of 2160 lines is 33 MB.
        "max_inflight_encoders": 2 if shot.pixels <= SMALL else 1,
        "encoder_queue_size": 2,
    }
    computes, Lecture.computes = Lecture.computes, False
    try:
        with using(shot.setting), records_in(kept), tempconfig({**dict(shot.video), **settings}):
            yield scratch
    finally:
        Lecture.computes = computes


@functools.cache
def _own_folder(root: Path | None) -> tempfile.TemporaryDirectory[str]:
    return scratch("worker", root)


def _scratch(root: Path | None) -> Path:
    """A folder of this process alone, kept as long as it lives."""
    folder = Path(_own_folder(root).name)
    (folder / "formulas").mkdir(parents=True, exist_ok=True)
    return folder


def _store(disk: Disk) -> Path:
    return disk.store if disk.store is not None else _scratch(disk.scratch) / "records"


# renderers


class SliceWriter(SegmentWriter):
    """A writer that makes segments and no clip."""

    def finish(self) -> None:
        self.join_all_encode_jobs()


class Teller(SegmentRenderer):
    """Draws nothing, and notes every play."""

    writer = SliceWriter

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.told: list[Play] = []
        self._encoder = ""

    def init_scene(self, scene: Any, session_spec: Any, file_writer_settings: Any) -> None:
        super().init_scene(scene, session_spec, file_writer_settings)
        self._encoder = video_encoder_fingerprint(session_spec.video_encoder)

    def play(self, scene: Any, *args: Any, **kwargs: Any) -> None:
        key = scene.segment_key(self.num_plays, self._encoder)
        super().play(scene, *args, **kwargs)
        frames = round(scene.duration * config.frame_rate)
        self.told.append(Play(key, frames, not scene.is_current_animation_frozen_frame()))


class SliceRenderer(SegmentRenderer):
    """Draws some plays, tells the others, and stops after the last."""

    writer = SliceWriter

    def __init__(self, plays: Sequence[int], folder: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._plays, self._last, self._folder = frozenset(plays), max(plays), folder
        self._costs: list[tuple[Path, float]] = []

    def init_scene(self, scene: Any, session_spec: Any, file_writer_settings: Any) -> None:
        plan = replace(file_writer_settings.plan, segment_cache_dir=self._folder)
        super().init_scene(scene, session_spec, replace(file_writer_settings, plan=plan))

    def update_skipping_status(self) -> None:
        super().update_skipping_status()
        if self.num_plays > self._last:
            raise EndSceneEarlyException
        if self.num_plays not in self._plays:
            self.skip_animations = True

    def play(self, scene: Any, *args: Any, **kwargs: Any) -> None:
        begun, drawn = time.process_time(), self.drawn
        super().play(scene, *args, **kwargs)
        path = self.file_writer.partial_movie_files[-1]
        if path is not None:
            self._costs.append((Path(path), time.process_time() - begun if self.drawn > drawn else 0.0))

    def scene_finished(self, scene: Any) -> None:
        begun = time.process_time()
        super().scene_finished(scene)
        if self._costs:  # what was still being encoded
            path, seconds = self._costs[-1]
            self._costs[-1] = path, seconds + time.process_time() - begun

    @property
    def made(self) -> dict[Path, float]:
        return dict(self._costs)
