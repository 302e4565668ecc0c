"""The process of `atajos watch` that renders, again and again, with workers that are kept warm."""

from __future__ import annotations

import _thread
import contextlib
import os
import queue
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

import sim.params
from scenes.film import Chapter
from scenes.kit.errors import one_message
from scenes.kit.telling.narration import words_of
from scenes.studio.edits import edits
from scenes.studio.farm import request
from scenes.studio.farm.hired import Attended, OvertakenError
from scenes.studio.farm.marks import mark
from scenes.studio.farm.messages import Glanced
from scenes.studio.farm.orders import Clip
from scenes.studio.farm.pool import KeptPool
from scenes.studio.files.outputs import deliver_all, whole
from scenes.studio.look import Look
from sim.paths import ASSETS, media
from sim.work.processes import cores

GRACE = 10.0  # seconds in which a process that was told to end puts things in order


class Inbox:
    """What has been edited, heard by a thread of its own, which ends the round under way."""

    def __init__(self, params: Path | None) -> None:
        self._params = params
        self._edited: queue.Queue[set[Path]] = queue.Queue()
        self._attended: Attended | None = None
        self._over = threading.Event()
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def close(self) -> None:
        self._over.set()
        self._ear.join()

    def attend(self, attended: Attended) -> None:
        """A round begins; what was edited before belongs to it."""
        self._attended = attended

    def heard(self, wait: bool) -> set[Path]:
        """What was edited since; with ``wait``, there is something."""
        found = self._edited.get() if wait else set()
        with contextlib.suppress(queue.Empty):
            while True:
                found |= self._edited.get_nowait()
        return found

    def _listen(self) -> None:
        folders = [ASSETS, *([self._params.parent] if self._params else [])]
        for edited in edits(lambda: other_files(self._params), folders, self._over):
            self._edited.put(edited)
            if self._attended is not None and not self._attended.stop.done():
                self._attended.stop.set_result(None)


def other_files(params: Path | None) -> Iterator[Path]:
    """What is read anew for every clip: parameters, words, recordings."""
    if params is not None:
        yield params
    yield from (ASSETS / "narration").rglob("*.toml")
    yield ASSETS / "params" / "default.toml"
    yield from (ASSETS / "voice").rglob("*.wav")


def serve(
    chapters: Sequence[Chapter], looks: Sequence[Look], params: str | None, sets: Sequence[str], out: Path
) -> None:
    """Render, and again after every edit, until Ctrl-C: then SystemExit."""
    own = Path(params).resolve() if params else None
    threading.Thread(target=_outlive_nobody, daemon=True).start()
    try:
        with one_message():
            mark(media())
        with (
            contextlib.closing(KeptPool(cores(), media() / "segments")) as pool,
            contextlib.closing(Inbox(own)) as inbox,
        ):
            edited: set[Path] = set()
            while True:
                if edited - {own}:  # workers remember words and recordings
                    pool.revive()
                    words_of.cache_clear()
                if edited:
                    click.echo(f"{', '.join(sorted(path.name for path in edited))}: edited", err=True)
                attended = Attended(lambda clip, glanced: show(clip, glanced, looks, out))
                inbox.attend(attended)
                done = _round(chapters, looks, params, sets, out, pool, attended)
                edited = inbox.heard(wait=done)
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _outlive_nobody() -> None:
    """End this process as Ctrl-C does when whoever began it is gone; again, if that fell where Python drops it, as in
    a finaliser."""
    while os.read(0, 1):
        pass
    while True:
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        else:
            _thread.interrupt_main()
        time.sleep(GRACE)


def _round(
    chapters: Sequence[Chapter],
    looks: Sequence[Look],
    params: str | None,
    sets: Sequence[str],
    out: Path,
    pool: KeptPool,
    attended: Attended,
) -> bool:
    """Render once; whether that came to an end, be it good or bad, before something was edited."""
    try:
        with one_message():
            try:
                drawn = request.draw(chapters, looks, params, sets, kept=pool, attended=attended)
                orders = [([clip], look, chapter.name) for (look, chapter), clip in drawn.items()]
                for clip in deliver_all(orders, out, sim.params.load(params, sets)):
                    click.echo(clip.resolve())
            except OvertakenError:
                return False
            except KeyboardInterrupt:  # whoever began this process says so
                raise SystemExit(130) from None
    except SystemExit as end:  # a mistake, which has been told
        if end.code == 130:
            raise
    return True


def show(clip: Clip, glanced: Glanced, looks: Sequence[Look], out: Path) -> None:
    """Write the picture that has changed first, and say where it lies."""
    if glanced.beat is None:
        return
    name = clip.shot.chapter.name
    look = next(look for look in looks if look.lang == clip.shot.setting.lang)
    path = out / f"{look.stem(f'{name}-now')}.png"
    whole(path, lambda part: part.write_bytes(glanced.picture))
    click.echo(f"{name}.{glanced.beat} {path.resolve()}")
