"""Clips in other formats, made from the finished pictures: nothing is drawn again.

An opaque clip is drawn once as H.264, a transparent one as qtrle (lossless, with alpha). From these: ``mov`` takes the
pictures as they are, ``webm`` (VP9) and ``gif`` are encoded anew, ``png`` is the last picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
from av.video.reformatter import Colorspace
from PIL import Image

from scenes.kit.errors import UsageError
from scenes.kit.telling.timeline import Beat
from scenes.studio.sound import track as sound

# Frames a second at most: a GIF keeps whole pictures where a camera moves, and more only make it big.
GIF_RATE = Fraction(10)
VP9 = {"crf": "24", "deadline": "good", "cpu-used": "4", "row-mt": "1", "tile-columns": "2", "threads": "4"}
TAGS = {"colorspace": "smpte170m", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv"}


def frames(clips: Sequence[Path]) -> Iterator[av.VideoFrame]:
    """All pictures of clips one after the other, numbered through."""
    count = 0
    for path in clips:
        with av.open(str(path)) as source:
            track = source.streams.video[0]
            track.thread_type = "AUTO"
            tick = 1 / Fraction(track.guessed_rate)
            for frame in source.decode(track):
                frame.pts, frame.duration, frame.time_base = count, 1, tick
                yield frame
                count += 1


def picture_at(clip: Path, seconds: float | None = None) -> Image.Image:
    """The picture that a clip shows at a time (the last one by default), with its alpha channel if it has one."""
    with av.open(str(clip)) as source:
        track = source.streams.video[0]
        wanted = None if seconds is None else round(seconds / float(track.time_base))
        if track.duration:
            source.seek(track.duration if wanted is None else wanted, stream=track, backward=True)
        for frame in source.decode(track):
            if wanted is not None and frame.pts + frame.duration > wanted:
                break
        has_alpha = any(component.is_alpha for component in frame.format.components)
        kind = "rgba" if has_alpha else "rgb24"
        picture = frame.reformat(format=kind, src_colorspace=Colorspace.ITU601)
        return Image.fromarray(picture.to_ndarray(), "RGBA" if has_alpha else "RGB")


def webm(clips: Sequence[Path], output: Path, alpha: bool, beats: Sequence[Beat] = ()) -> None:
    """Encode as VP9, with an alpha channel if there is one. Raises :class:`UsageError` if this PyAV has no VP9."""
    try:
        av.codec.Codec("libvpx-vp9", "w")
    except ValueError:
        raise UsageError("--format webm: this PyAV brings no VP9 encoder (libvpx-vp9); take mp4 or mov") from None
    pixels = "yuva420p" if alpha else "yuv420p"
    with av.open(str(output), "w") as target, av.open(str(clips[0])) as first:
        track = first.streams.video[0]
        options = VP9 | TAGS | ({"auto-alt-ref": "0"} if alpha else {})  # with alpha the encoder refuses it
        stream = target.add_stream("libvpx-vp9", rate=track.guessed_rate, options=options)
        stream.width, stream.height, stream.pix_fmt = track.width, track.height, pixels
        stream.bit_rate = 0  # quality alone decides
        if any(beat.recordings for beat in beats):
            voice = target.add_stream("libopus", rate=sound.RATE, layout="mono")
            for block in (*sound.blocks(beats), None):
                target.mux(voice.encode(block))
        for frame in frames(clips):
            if frame.format.name != pixels:
                number, tick = frame.pts, frame.time_base
                frame = frame.reformat(format=pixels, dst_colorspace=Colorspace.ITU601)
                frame.pts, frame.time_base = number, tick
            target.mux(stream.encode(frame))
        target.mux(stream.encode())


def gif(
    pictures: Callable[[], Iterator[av.VideoFrame]],
    output: Path,
    alpha: bool = False,
    width: int | None = None,
    rate: Fraction = GIF_RATE,
    colours: int = 256,
) -> None:
    """Encode ``pictures()`` as an endless GIF with one palette, chosen from all of it.

    ``width`` is that of the GIF in pixels, if it is to be smaller than the pictures; ``rate`` are frames a second at
    most: a GIF counts in hundredths of a second, so 100 over a whole number keeps time.
    """
    first = next(pictures())
    tempo = min(1 / first.time_base, rate)
    size = "" if width is None else f"{width}:-2:flags=area"
    palette = _palette(pictures, size, alpha, colours)
    graph = av.filter.Graph()
    coming = _source(graph, first)
    chosen = graph.add_buffer(
        width=palette.width, height=palette.height, format=palette.format.name, time_base=Fraction(1, 100)
    )
    slower = graph.add("fps", f"fps={tempo}")
    use = graph.add("paletteuse", "dither=none:diff_mode=rectangle" + (":alpha_threshold=128" if alpha else ""))
    sink = graph.add("buffersink")
    coming.link_to(slower)
    _sized(graph, slower, size).link_to(use, 0, 0)
    chosen.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    palette.pts = 0
    chosen.push(palette)
    chosen.push(None)
    count = 0
    with av.open(str(output), "w", format="gif", options={"loop": "0"}) as target:
        stream = target.add_stream("gif", rate=tempo)
        stream.pix_fmt = "pal8"
        for frame in _ended(pictures()):
            coming.push(frame)
            for picture in _pulled(sink):
                if not count:
                    stream.width, stream.height = picture.width, picture.height
                picture.pts, picture.time_base, count = count, 1 / tempo, count + 1
                target.mux(stream.encode(picture))
        target.mux(stream.encode())


def _palette(pictures: Callable[[], Iterator[av.VideoFrame]], size: str, alpha: bool, colours: int) -> av.VideoFrame:
    shown = pictures()
    first = next(shown)
    graph = av.filter.Graph()
    coming = _source(graph, first)
    choose = graph.add("palettegen", f"stats_mode=full:max_colors={colours}:reserve_transparent={int(alpha)}")
    sink = graph.add("buffersink")
    _sized(graph, coming, size).link_to(choose)
    choose.link_to(sink)
    graph.configure()
    few = max(1, round(1 / first.time_base / 3))  # three a second show all colours
    for i, frame in enumerate(chain([first], shown)):
        if i % few == 0:
            coming.push(frame)
    coming.push(None)
    return sink.pull()


def _source(graph: av.filter.Graph, first: av.VideoFrame) -> av.filter.context.FilterContext:
    """Where frames like the first one enter, counted one by one as :func:`frames` does."""
    kind = {"width": first.width, "height": first.height, "format": first.format.name}
    return graph.add_buffer(**kind, time_base=first.time_base)


def _sized(graph: av.filter.Graph, coming: Any, size: str) -> Any:
    """What comes, in a ``size`` as the scale filter takes it; as it is, if that is ``""``."""
    if not size:
        return coming
    smaller = graph.add("scale", size)
    coming.link_to(smaller)
    return smaller


def _ended(pictures: Iterator[av.VideoFrame]) -> Iterator[av.VideoFrame | None]:
    yield from pictures
    yield None


def _pulled(sink: av.filter.context.FilterContext) -> Iterator[av.VideoFrame]:
    while True:
        try:
            yield sink.pull()
        except (av.BlockingIOError, av.EOFError):
            return
