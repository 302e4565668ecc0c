"""Segments: the cached pieces of video a clip is joined from.

A chapter is a pure function of what it read (records, parameters, words, theme) and of the code that draws it. So a
segment's name is a digest of just these and of its place in the chapter: nothing stale can be taken for fresh, and
nothing need be hashed frame by frame. Segments appear under their final name only when they are whole.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from manim import CairoRenderer
from manim.renderer import cairo_renderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.scene.video_segment_encoder import VideoSegmentEncoder
from numpy.typing import NDArray

from scenes.kit.drawing.camera import PaintingCamera
from scenes.kit.video import seal
from scenes.kit.video.joining import join, packets
from sim.records import atomic
from sim.work.scratch import HOST

__all__ = ["SegmentRenderer", "SegmentWriter", "WholeSegmentEncoder", "join", "packets"]

SEALED = (".mp4", ".mov")


class WholeSegmentEncoder(VideoSegmentEncoder):
    """Encodes beside the target and renames when done; a killed render leaves only a ``.part`` file."""

    def __init__(self, *, target: Path, spec: Any) -> None:
        self._final, self._part = target, target.with_name(f".{target.name}.{HOST}.{os.getpid()}.part")
        super().__init__(target=self._part, spec=spec)
        self.target = target  # the writer knows the segment by this name
        self._colours = VideoReformatter()  # made once: half of what a frame's colours cost is making it

    def write_frame(self, pixels: NDArray[np.uint8], *, repeat: int = 1) -> None:
        """Encode ``pixels`` ``repeat`` times. A still is brought into the encoder's colours once, not at every frame;
        the packets are those that manim's own encoder makes."""
        self._validate_frame(pixels, repeat)
        try:
            picture = av.VideoFrame.from_numpy_buffer(pixels, "rgba")
            frame = self._colours.reformat(picture, format=self.spec.pixel_format)
            frame.time_base = 1 / self.spec.frame_rate
            for _ in range(repeat):
                frame.pts = self._next_pts
                self._next_pts += 1
                for packet in self._stream.encode(frame):
                    self._container.mux(packet)
        except BaseException as error:
            raise self._operation_error("encode", error) from error

    def finish(self) -> None:
        super().finish()
        if self._part.exists():
            if self._final.suffix in SEALED:
                seal.seal(self._part, self._final.stem)
            atomic.settle(self._part)
            self._part.replace(self._final)

    def abort(self) -> None:
        self.target = self._part  # what is unlinked
        super().abort()


class SegmentWriter(SceneFileWriter):
    """manim's writer with whole segments, and clips that appear whole and can be played while they load."""

    def _create_segment_encoder(self, target: Path) -> VideoSegmentEncoder:
        return WholeSegmentEncoder(target=target, spec=self.video_encoder)

    def is_already_cached(self, hash_invocation: str) -> bool:
        """Whether the segment is there, and is what was made."""
        if not super().is_already_cached(hash_invocation):
            return False
        path = self.output_plan.segment_path(hash_invocation)
        return path.suffix not in SEALED or seal.is_sound(path, path.stem)

    def combine_files(
        self, input_files: list[str], output_file: Path, create_gif: bool = False, includes_sound: bool = False
    ) -> None:
        def combine(part: Path) -> None:
            if create_gif:
                super(SegmentWriter, self).combine_files(input_files, part, create_gif, includes_sound)
            else:
                join([Path(name) for name in input_files], part)

        atomic.whole(output_file, combine)


class SegmentRenderer(CairoRenderer):
    """manim's renderer, with segments named by ``scene.segment_key()`` instead of a hash of every mobject.

    What is skipped is told, but not drawn: mobjects go to where the gesture leaves them, and no pixel is touched.
    """

    writer: ClassVar[type[SceneFileWriter]] = SegmentWriter

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(file_writer_class=self.writer, camera_class=PaintingCamera, **kwargs)
        self.drawn = 0  # segments made now, not read from the cache
        self._playing = False

    def play(self, scene: Any, *args: Any, **kwargs: Any) -> None:
        def key(*_: object, **settings: Any) -> str:
            return str(scene.segment_key(self.num_plays, settings["encoder_fingerprint"]))

        self._playing = True
        try:
            with mock.patch.object(cairo_renderer, "get_hash_from_play_call", key):
                super().play(scene, *args, **kwargs)
        finally:
            self._playing = False
        self.drawn += not self.skip_animations

    def update_frame(self, *args: Any, **kwargs: Any) -> None:
        if not (self._playing and self.skip_animations):
            super().update_frame(*args, **kwargs)
