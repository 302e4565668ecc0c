"""The trailer: shots of several chapters one after the other, as an mp4 and as a GIF. Nothing is drawn for it twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
from av.video.frame import PictureType

from scenes.kit.errors import UsageError
from scenes.kit.telling.timeline import Beat, Timeline
from scenes.kit.video import encoding
from scenes.studio.files import formats, manifest
from scenes.studio.files.outputs import settle
from scenes.studio.look import Look
from sim.params import Params, canonical
from sim.records import source

HEAVIEST = 3_000_000  # bytes of the GIF, which readers of a page load whether they look at it or not
WIDEST = 640  # px of the GIF that is tried first
RATE, COLOURS = Fraction(100, 12), 96  # of the GIF: frames a second, and colours; more make the picture smaller
# As sharp as it was drawn, though encoded again. So many threads on every machine: others would make other bytes.
FINE = {"crf": "20", "threads": "4"}

Piece = tuple[Path, Timeline, Beat]  # a clip, what it is, and the part of it that is shown


def deliver(pieces: Sequence[Piece], look: Look, out: Path, parameters: Params, kinds: Sequence[str]) -> list[Path]:
    """Write the trailer to ``out`` as ``kinds`` say (mp4, gif), and a manifest beside it. Returns the files asked for.

    Raises :class:`UsageError` if ``out`` cannot be written.
    """
    film, moving = (out / Path(look.name("Atajos-trailer")).with_suffix(f".{kind}") for kind in ("mp4", "gif"))
    asked = [path for path in (film, moving) if path.suffix[1:] in kinds]
    shown = [replace(line, beats=(replace(beat, start=0.0),)) for _, line, beat in pieces]
    made_from = _digest(pieces, look, parameters)
    making: dict[Path, Callable[[Path], object]] = {
        film: lambda part: encode(pieces, part),
        moving: lambda part: small_gif(pieces, part),
    }

    def said() -> str:
        return manifest.text(manifest.describe(shown, look, parameters, made_from, asked))

    settle({path: making[path] for path in asked}, asked[0].with_name(f"{asked[0].name}.json"), said)
    return asked


def pieces_of(order: Sequence[str], clips: dict[str, Path]) -> list[Piece]:
    """The shots in their order: ``order`` names the chapter of each, and ``clips`` are the shots of one chapter in a
    row, in the order in which they come."""
    lines = {name: Timeline.read_beside(clip) for name, clip in clips.items()}
    waiting = {name: iter(line.beats) for name, line in lines.items()}
    return [(clips[name], lines[name], next(waiting[name])) for name in order]


def frames(pieces: Sequence[Piece]) -> Iterator[av.VideoFrame]:
    """All pictures of the shots, numbered through."""
    count = 0
    for clip, line, beat in pieces:
        first, last = (round(time * line.frame_rate) for time in (beat.start, beat.end))
        for frame in islice(formats.frames([clip]), first, last):
            frame.pts = count
            count += 1
            yield frame


def encode(pieces: Sequence[Piece], output: Path) -> None:
    """Write the shots as one H.264 video without sound. Raises OSError (of PyAV)."""
    with av.open(str(output), "w", options={"movflags": "+faststart"}) as target, av.open(str(pieces[0][0])) as first:
        track = first.streams.video[0]
        options = encoding.options(min(track.width, track.height)) | FINE
        stream = target.add_stream("libx264", rate=track.guessed_rate, options=options)
        stream.width, stream.height, stream.pix_fmt = track.width, track.height, "yuv420p"
        for frame in frames(pieces):
            frame.pict_type = PictureType.NONE  # the encoder chooses anew which frames stand by themselves
            target.mux(stream.encode(frame))
        target.mux(stream.encode())


def small_gif(pieces: Sequence[Piece], output: Path, heaviest: int = HEAVIEST) -> None:
    """Write the shots as a GIF that is as large as it may be heavy."""
    with av.open(str(pieces[0][0])) as first:
        size = first.streams.video[0]
        widest = min(WIDEST * min(1.0, size.width / size.height), size.width)
    width = widest
    while True:
        formats.gif(lambda: frames(pieces), output, width=round(width), rate=RATE, colours=COLOURS)
        heavy = output.stat().st_size
        if heavy <= heaviest:
            return
        if width < 64:
            raise UsageError(f"the GIF of the trailer cannot be made lighter than {heavy / 1e6:.1f} MB")
        width *= min(0.95, 0.97 * (heaviest / heavy) ** 0.55)


def _digest(pieces: Sequence[Piece], look: Look, parameters: Params) -> str:
    """Of all that the files are made from: pictures, the look, and the code that writes them."""
    told = [(asdict(line), asdict(beat)) for _, line, beat in pieces]
    state = hashlib.sha256(json.dumps([asdict(look), canonical(parameters), told]).encode())
    state.update(source.digest_of(source.closure([Path(__file__)]).items()).encode())
    for path in dict.fromkeys(path for path, *_ in pieces):
        state.update(hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()
