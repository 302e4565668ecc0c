"""From finished pictures to what a lecturer takes away: the clip in a format, captions, transcript, poster, manifest.

Everything appears under its name only when whole, the manifest last. What is there already and was made from the same
is left as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from scenes.kit.errors import UsageError
from scenes.kit.telling.timeline import Timeline, merged
from scenes.studio.files import captions, formats, manifest
from scenes.studio.files.mux import Extras, mux
from scenes.studio.look import Look
from sim.params import Params, canonical
from sim.records import atomic, source
from sim.work.processes import cores


def deliver_all(orders: Sequence[tuple[Sequence[Path], Look, str]], out: Path, parameters: Params) -> list[Path]:
    """Several at once, on all cores: ``orders`` are clips, look and name of each. See :func:`deliver`."""
    with ThreadPoolExecutor(cores()) as threads:
        return list(threads.map(lambda order: deliver(order[0], order[1], out, order[2], parameters), orders))


def deliver(clips: Sequence[Path], look: Look, out: Path, name: str, parameters: Params) -> Path:
    """Write ``clips`` one after the other to ``out`` in the format of ``look``, with all that belongs to it.

    ``clips`` are finished pictures, each with its ``.beats.json``; one is a chapter (mp4 chapters: its beats), several
    are a film (mp4 chapters: its chapters). ``name`` begins the names of the files; ``parameters`` are for the record.
    Returns the main file. Raises :class:`UsageError` if ``out`` cannot be written.
    """
    timelines = [Timeline.read_beside(clip) for clip in clips]
    target = out / look.name(name)
    record = target.with_name(f"{target.name}.json")
    made_from = _digest(clips, timelines, look, parameters)
    extras = extras_of(timelines, look, name)
    words = out / look.plain_name(name)
    wanted: dict[Path, Callable[[Path], object]] = {target: lambda part: _picture(clips, part, extras, look)}
    best, timeline = next(iter(zip(clips, timelines, strict=True)))  # a film's is its title card's
    if look.format != "png":
        wanted[target.with_suffix(".png")] = lambda part: formats.picture_at(best, timeline.best).save(part, "PNG")
        wanted[words.with_suffix(".srt")] = _text(captions.as_srt(extras.beats))
        wanted[words.with_suffix(".vtt")] = _text(captions.as_vtt(extras.beats))
    wanted[words.with_suffix(".md")] = _text(captions.as_transcript(extras.title, timelines))

    def said() -> str:
        return manifest.text(manifest.describe(timelines, look, parameters, made_from, list(wanted)))

    settle(wanted, record, said)
    return target


def settle(wanted: Mapping[Path, Callable[[Path], object]], record: Path, said: Callable[[], str]) -> None:
    """Make the files that are ``wanted``, and last the manifest ``record``, unless that says already what it would say
    then. Raises :class:`UsageError` if they cannot be written."""
    if manifest.read(record) != said():  # from other things, or a file is no longer what was delivered
        for path, make in wanted.items():
            whole(path, make)
        whole(record, _text(said()))


def whole(target: Path, make: Callable[[Path], object]) -> None:
    """Let ``make`` write a file that appears under its name only when done. Raises :class:`UsageError`."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--out {target.parent}: cannot be made ({error.strerror}); give another folder") from None
    atomic.whole(target, make)


def extras_of(timelines: Sequence[Timeline], look: Look, name: str) -> Extras:
    """What a clip, or a film of several, carries beside its pictures."""
    beats = merged(timelines)
    if len(timelines) == 1:
        title = timelines[0].title
        marks = [(beat.heading, beat.start, beat.end) for beat in beats]
    else:
        title = f"{name}: {timelines[0].title}"  # the first is the title card
        ends = [sum(line.duration for line in timelines[: i + 1]) for i in range(len(timelines))]
        marks = [(line.title, end - line.duration, end) for line, end in zip(timelines, ends, strict=True)]
    return Extras(title, look.lang, beats, tuple(marks), subtitles=look.captions == "soft")


def _picture(clips: Sequence[Path], part: Path, extras: Extras, look: Look) -> None:
    match look.format:
        case "mp4" | "mov":
            mux(clips, part, extras)
        case "webm":
            formats.webm(clips, part, look.transparent, extras.beats)
        case "gif":
            formats.gif(lambda: formats.frames(clips), part, look.transparent)
        case "png":
            formats.picture_at(clips[-1]).save(part, "PNG")


def _text(words: str) -> Callable[[Path], object]:
    return lambda part: part.write_text(words, encoding="utf-8")


def _digest(clips: Sequence[Path], timelines: Sequence[Timeline], look: Look, parameters: Params) -> str:
    """Of all that the files are made from: pictures, words, voices, the look, and the code that writes them."""
    digest = hashlib.sha256(json.dumps([asdict(look), canonical(parameters), *map(asdict, timelines)]).encode())
    voices = [Path(file) for line in timelines for beat in line.beats for *_, file in beat.recordings]
    digest.update(source.digest_of(source.closure([Path(__file__)]).items()).encode())
    for path in [*clips, *voices]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
