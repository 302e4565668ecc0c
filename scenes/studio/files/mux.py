"""What goes into an mp4 or mov: pictures as they were encoded, a subtitle track, chapters, and the voice."""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Disposition

from scenes.kit.telling.timeline import Beat
from scenes.kit.video.joining import in_a_row, packets
from scenes.studio.sound import track as sound

MILLISECOND = Fraction(1, 1000)
LANGUAGE_TAGS = {"es": "spa", "en": "eng"}  # ISO 639-2, what containers hold
LANGUAGE_NAMES = {"es": "Español", "en": "English"}
# The muxer wants a style although the text brings none of its own: the player's is used.
STYLE = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Sans,18,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
Timed = tuple[float, int, av.Packet]  # seconds, number of the track, what to write


@dataclass(frozen=True)
class Extras:
    """What a clip carries beside its pictures. Times are in seconds from the start of the whole."""

    title: str
    language: str
    beats: tuple[Beat, ...] = ()
    chapters: tuple[tuple[str, float, float], ...] = field(default=())  # title, start, end
    subtitles: bool = True


def mux(clips: Sequence[Path], output: Path, extras: Extras) -> None:
    """Write ``clips`` one after the other with ``extras``; only the voice is encoded. Raises OSError (of PyAV)."""
    with av.open(str(output), "w", options={"movflags": "+faststart"}) as target, av.open(str(clips[0])) as first:
        target.metadata["title"] = extras.title
        target.metadata["language"] = LANGUAGE_TAGS[extras.language]
        target.set_chapters(
            [
                {
                    "id": i,
                    "start": round(start * 1000),
                    "end": round(end * 1000),
                    "time_base": MILLISECOND,
                    "metadata": {"title": title},
                }
                for i, (title, start, end) in enumerate(extras.chapters)
            ]
        )
        tracks = [_pictures(clips, target, first.streams.video[0])]
        if any(beat.recordings for beat in extras.beats):
            tracks.append(_voice(extras, target))
        if extras.subtitles and extras.beats:
            tracks.append(_subtitles(extras, target))
        for _, _, packet in heapq.merge(*tracks, key=lambda timed: timed[:2]):
            target.mux(packet)


def _pictures(clips: Sequence[Path], target: av.container.OutputContainer, track: av.VideoStream) -> Iterator[Timed]:
    stream = target.add_stream_from_template(track)
    tick = 1 / Fraction(track.guessed_rate)
    return ((float(packet.dts * tick), 0, packet) for packet in in_a_row(clips, stream, tick))


def _voice(extras: Extras, target: av.container.OutputContainer) -> Iterator[Timed]:
    stream = target.add_stream("aac", rate=sound.RATE, layout="mono")
    stream.bit_rate = 96_000
    stream.metadata["language"] = LANGUAGE_TAGS[extras.language]

    def walk() -> Iterator[Timed]:
        for frame in (*sound.blocks(extras.beats), None):
            for packet in stream.encode(frame):
                yield float(packet.pts * packet.time_base), 1, packet

    return walk()


def _subtitles(extras: Extras, target: av.container.OutputContainer) -> Iterator[Timed]:
    stream = target.add_stream("mov_text")
    stream.codec_context.subtitle_header = STYLE
    stream.codec_context.time_base = stream.time_base = MILLISECOND
    stream.metadata["language"] = LANGUAGE_TAGS[extras.language]
    stream.metadata["handler_name"] = LANGUAGE_NAMES[extras.language]
    stream.disposition = Disposition.default

    def walk() -> Iterator[Timed]:
        for said in (sentence for beat in extras.beats for sentence in beat.sentences):
            text = "\n".join(said.lines).encode()
            packet = av.Packet(struct.pack(">H", len(text)) + text)  # as 3GPP timed text wants it
            packet.pts = packet.dts = round(said.start * 1000)
            packet.duration = round(said.end * 1000) - packet.pts
            packet.time_base, packet.stream = MILLISECOND, stream
            yield said.start, 2, packet

    return walk()


def cut(clip: Path, start: float, end: float, output: Path) -> None:
    """Write a part of a clip as it was encoded. ``start`` and ``end``, in seconds, must be where segments meet."""
    with av.open(str(clip)) as source:
        track = source.streams.video[0]
        rate = Fraction(track.guessed_rate)
        first, last = round(start * rate), round(end * rate)
        part = [(packet, shown - first) for packet, shown in packets(clip) if first <= shown < last]
        delay = max(i - shown for i, (_, shown) in enumerate(part))
        with av.open(str(output), "w", options={"movflags": "+faststart"}) as target:
            stream = target.add_stream_from_template(track)
            for count, (packet, shown) in enumerate(part):
                packet.pts, packet.dts, packet.duration = shown, count - delay, 1
                packet.time_base, packet.stream = 1 / rate, stream
                target.mux(packet)
