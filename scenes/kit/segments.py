"""Segments: the cached pieces of video a clip is joined from.

A chapter is a pure function of what it read (records, parameters, words, theme) and of the code that draws it. So a
segment's name is a digest of just these and of its place in the chapter: nothing stale can be taken for fresh, and
nothing need be hashed frame by frame. Segments appear under their final name only when they are whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest import mock

import av
from manim import CairoRenderer
from manim.renderer import cairo_renderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.scene.video_segment_encoder import VideoSegmentEncoder


class WholeSegmentEncoder(VideoSegmentEncoder):
    """Encodes beside the target and renames when done; a killed render leaves only a ``.part`` file."""

    def __init__(self, *, target: Path, spec: Any) -> None:
        self._final, self._part = target, target.with_name(f".{target.name}.{os.getpid()}.part")
        super().__init__(target=self._part, spec=spec)
        self.target = target  # the writer knows the segment by this name

    def finish(self) -> None:
        super().finish()
        if self._part.exists():
            self._part.replace(self._final)

    def abort(self) -> None:
        self.target = self._part  # what is unlinked
        super().abort()


class SegmentWriter(SceneFileWriter):
    """manim's writer with whole segments, and clips that appear whole and can be played while they load."""

    def _create_segment_encoder(self, target: Path) -> VideoSegmentEncoder:
        return WholeSegmentEncoder(target=target, spec=self.video_encoder)

    def combine_files(
        self, input_files: list[str], output_file: Path, create_gif: bool = False, includes_sound: bool = False
    ) -> None:
        part = part_beside(output_file)
        try:
            if create_gif:
                super().combine_files(input_files, part, create_gif, includes_sound)
            else:
                join([Path(name) for name in input_files], part)
            part.replace(output_file)
        finally:
            part.unlink(missing_ok=True)


class SegmentRenderer(CairoRenderer):
    """manim's renderer, with segments named by ``scene.segment_key()`` instead of a hash of every mobject."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(file_writer_class=SegmentWriter, **kwargs)
        self.drawn = 0  # segments made now, not read from the cache

    def play(self, scene: Any, *args: Any, **kwargs: Any) -> None:
        def key(*_: object, **settings: Any) -> str:
            return str(scene.segment_key(self.num_plays, settings["encoder_fingerprint"]))

        with mock.patch.object(cairo_renderer, "get_hash_from_play_call", key):
            super().play(scene, *args, **kwargs)
        self.drawn += not self.skip_animations


def part_beside(output: Path) -> Path:
    """A name in the same folder for a file that is not whole yet."""
    output.parent.mkdir(parents=True, exist_ok=True)
    return output.with_name(f".{output.stem}.{os.getpid()}.part{output.suffix}")


def join(inputs: Sequence[Path], output: Path) -> None:
    """Join video files of one format into ``output`` without encoding again.

    Times are counted in frames, so that no rounding adds up; an mp4 gets its index in front (faststart). Raises OSError
    (of PyAV) if a file cannot be read or written.
    """
    options = {"movflags": "+faststart"} if output.suffix in (".mp4", ".mov") else {}
    delay = max(max(i - shown for i, (_, shown) in enumerate(packets(path))) for path in inputs)
    with av.open(str(output), "w", options=options) as target, av.open(str(inputs[0])) as first:
        track = first.streams.video[0]
        tick = 1 / Fraction(track.guessed_rate)
        stream = target.add_stream_from_template(track)
        count = 0
        for path in inputs:
            start = count
            for packet, shown in packets(path):
                # A short segment reorders fewer frames than a long one; with one delay for all, decoding times rise.
                packet.pts, packet.dts, packet.duration = start + shown, count - delay, 1
                packet.time_base, packet.stream = tick, stream
                target.mux(packet)
                count += 1


def packets(path: Path) -> Iterator[tuple[av.Packet, int]]:
    """The packets of a video in the order of decoding, each with the number of the frame it shows."""
    with av.open(str(path)) as source:
        track = source.streams.video[0]
        for packet in source.demux(track):
            if packet.pts is not None:  # what demux ends with is no packet
                yield packet, round(packet.pts * track.time_base * track.guessed_rate)
