"""Joining video files without encoding them again. Needs no manim: a film of which nothing changed costs little."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av


def join(inputs: Sequence[Path], output: Path) -> None:
    """Join video files of one format into ``output`` without encoding again.

    Times are counted in frames, so that no rounding adds up; an mp4 gets its index in front (faststart). Raises OSError
    (of PyAV) if a file cannot be read or written.
    """
    options = {"movflags": "+faststart"} if output.suffix in (".mp4", ".mov") else {}
    with av.open(str(output), "w", options=options) as target, av.open(str(inputs[0])) as first:
        track = first.streams.video[0]
        for packet in in_a_row(inputs, target.add_stream_from_template(track), 1 / Fraction(track.guessed_rate)):
            target.mux(packet)


def in_a_row(inputs: Sequence[Path], stream: av.VideoStream, tick: Fraction) -> Iterator[av.Packet]:
    """The packets of several videos, made ready for ``stream``: one after the other, a frame each ``tick`` seconds."""
    delay = max(max(i - shown for i, (_, shown) in enumerate(packets(path))) for path in inputs)
    count = 0
    for path in inputs:
        start = count
        for packet, shown in packets(path):
            # A short segment reorders fewer frames than a long one; with one delay for all, decoding times rise.
            packet.pts, packet.dts, packet.duration = start + shown, count - delay, 1
            packet.time_base, packet.stream = tick, stream
            yield packet
            count += 1


def packets(path: Path) -> Iterator[tuple[av.Packet, int]]:
    """The packets of a video in the order of decoding, each with the number of the frame it shows."""
    with av.open(str(path)) as source:
        track = source.streams.video[0]
        for packet in source.demux(track):
            if packet.pts is not None:  # what demux ends with is no packet
                yield packet, round(packet.pts * track.time_base * track.guessed_rate)
