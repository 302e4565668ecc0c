"""The base of every chapter: a scene told in beats."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from manim import DOWN, ORIGIN, Mobject, RoundedRectangle, Scene, VGroup, Wait, config
from rich.progress import track

import sim.params
from sim import store

from . import code, voice
from .card import ChapterCard
from .errors import UsageError, choose, one_message
from .narration import BREATH, Narration, reading_time
from .numbers import Numbers
from .segments import SegmentRenderer
from .stage import stage_for
from .text import Label
from .theme import theme_named
from .timeline import Beat, Timeline

CAPTIONS = ("burn", "soft")  # in the picture; or not, for players to show
# H.264 as manim encodes it (BT.601 matrix), said in the file: players otherwise guess another matrix from the size.
COLOUR_TAGS = {"x264-params": "colorprim=smpte170m:transfer=bt709:colormatrix=smpte170m"}
# x264 makes other pictures with other numbers of threads, so a segment would depend on the machine's cores. Drawing
# takes longer than encoding on one thread beside it.
ONE_THREAD = {"threads": "1"}
PREVIEW = {"preset": "veryfast"}  # half the time of encoding, for clips of 480 lines that are looked at once

config.notify_outdated_version = False  # rendering asks nothing of the network
config.max_inflight_encoders = 4  # a segment is encoded while the next ones are drawn


class Lecture(Scene):
    """A chapter of the film.

    A subclass fetches its records in :meth:`setup` and tells its story in ``construct`` as a sequence of
    ``with self.beat("id"): …``. Language, theme, format and parameters come from the environment (``ATAJOS_LANG``,
    ``ATAJOS_THEME``, ``ATAJOS_ASPECT``, ``ATAJOS_PARAMS``, ``ATAJOS_SET``). What a user got wrong ends the command
    with one message and exit code 2. ``ATAJOS_CAPTIONS=soft`` leaves the captions out of the picture.

    ``at_beat_end`` holds functions called with (scene, beat id) when a beat has been told: contact sheets and the
    layout lint look at the scene there. ``reads`` and ``fetched`` say what the chapter was made from.
    """

    has_card: ClassVar[bool] = True  # whether its first beat begins with the chapter's card
    computes: ClassVar[bool] = True  # records that the store lacks; else MissingRecordsError

    def __init__(
        self, renderer: Callable[..., SegmentRenderer] = SegmentRenderer, skip_animations: bool = False
    ) -> None:
        with one_message():
            self.theme = theme_named(os.environ.get("ATAJOS_THEME") or "dark")
            self.stage = stage_for(os.environ.get("ATAJOS_ASPECT") or "16:9")
            self.narration = Narration(
                os.environ.get("ATAJOS_LANG") or "es", [kind.__name__ for kind in type(self).__mro__]
            )
            self._cards = choose("ATAJOS_CARDS", os.environ.get("ATAJOS_CARDS") or "on", ("on", "off")) == "on"
            self.captions = choose("ATAJOS_CAPTIONS", os.environ.get("ATAJOS_CAPTIONS") or "burn", CAPTIONS)
            self._params = sim.params.load()
        self.theme.apply()
        self.stage.apply()
        if self.theme.opacity == 1 and str(config.format or "auto") in ("auto", "mp4"):
            preset = PREVIEW if min(config.pixel_height, config.pixel_width) <= 480 else {}
            config.video_encoder_options = COLOUR_TAGS | ONE_THREAD | preset | config.video_encoder_options
        self.clock = 0.0  # s told so far; equal whether segments were drawn or came from the cache
        self.beats: list[str] = []
        self._told: list[Beat] = []
        self.at_beat_end: list[Callable[[Lecture, str], None]] = []
        self.reads: dict[str, str] = {}  # sections of the parameters, in canonical form
        self.fetched: list[tuple[str, Any]] = []  # experiments, with the parameters of each record
        self._inputs: list[str] = []
        self._caption: VGroup | None = None
        self._card: ChapterCard | None = None
        super().__init__(renderer(skip_animations=skip_animations))  # its camera takes the theme's background

    def render(self, preview: bool = False) -> bool:
        """Render, turning what a user can mend into one message (exit code 2) and Ctrl-C into exit code 130."""
        with one_message():
            again = bool(super().render(preview))
            clip = getattr(self.renderer.file_writer, "final_file_path", None)
            if clip is not None and self.renderer.file_writer.output_spec.is_video:
                self.timeline().write_beside(clip)
            return again

    def timeline(self) -> Timeline:
        """What has been told so far, and when."""
        try:
            title = self.narration.text("title")
        except UsageError:  # a title with a number in it: the chapter's name will do
            title = type(self).__name__
        digest = hashlib.sha256("\n".join(self._inputs).encode()).hexdigest()
        return Timeline(
            chapter=type(self).__name__,
            title=title,
            language=self.narration.language,
            captions=self.captions,
            digest=digest,
            frame_rate=float(config.frame_rate),
            beats=tuple(self._told),
        )

    # what the chapter reads

    def parameters(self, section: str) -> Any:
        """One section of the parameters; the clip depends on it from here on."""
        model = getattr(self._params, section)
        self.reads[section] = sim.params.canonical(model)
        self._inputs.append(self.reads[section])
        return model

    def records(self, experiment: str, wanted: Sequence[Any]) -> list[Any]:
        """Records of several parameter sets, from the store or computed now; the clip depends on them from here on.

        Raises MissingRecordsError if some are not there and ``computes`` is false.
        """
        missing = [one for one in wanted if not store.path_of(experiment, one).exists()]
        if missing and not self.computes:
            raise MissingRecordsError(experiment, missing)
        steps = track(wanted, description=f"sim {experiment}") if missing and sys.stderr.isatty() else wanted
        found = [store.fetch(experiment, one) for one in steps]
        self.fetched += [(experiment, one) for one in wanted]
        self._inputs += [store.digest(record) for record in found]
        return found

    def segment_key(self, index: int, encoder: str) -> str:
        """The name of the segment that play number ``index`` makes: all that its pixels depend on, as a digest."""
        said = (self.narration.language, self.narration.digest(), repr(self.theme), repr(self.stage), self.captions)
        seen = (config.pixel_width, config.pixel_height, config.frame_rate, encoder, version("manim"))
        parts = [type(self).__qualname__, code_digest(tuple(type(self).__mro__)), *said, *seen, *self._inputs, index]
        return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()[:32]

    def changed_parameters(self) -> list[str]:
        """What of the parameters in force is not the default, as ``key = value``; the clip depends on all of them."""
        for section in sim.params.Params.model_fields:
            self.parameters(section)
        return sim.params.changed(self._params)

    # beats

    @contextmanager
    def beat(self, name: str, say: str | None = None, /, **fields: object) -> Iterator[None]:
        """One beat: a section of the clip, its caption, its animations, and the time its words need.

        ``say`` is the narration's key if it is not ``name``; ``fields`` fill the text. The beat lasts as long as the
        words need (or the voice that says them), and never shorter than its animations and a breath. The first one
        begins with the chapter's card.
        """
        text = self.narration.text(f"beats.{say or name}", **fields)
        self.beats.append(name)
        self.next_section(name)
        start = self.clock
        lines = self.narration.lines(text)
        recording, needed = self._voice(name, text)
        if self.captions == "burn":
            self._show_caption(lines)
        if self._cards and self.has_card and len(self.beats) == 1:
            self._open()
        yield
        self.linger(max(start + needed - self.clock, BREATH))
        self.add_subcaption(text, duration=self.clock - start, offset=start - self.renderer.time)
        self._told.append(Beat(name, start, self.clock - start, tuple(lines), recording))
        for look in self.at_beat_end:
            look(self, name)

    def linger(self, seconds: float) -> None:
        """What happens until a beat's words have been said: nothing, save in chapters where something never stops."""
        self.wait(seconds)

    def behind(self, *mobjects: Mobject) -> None:
        """Put what now stands still below all that moves: it is then drawn once a gesture instead of once a frame."""
        self.bring_to_back(*mobjects)

    @property
    def numbers(self) -> Numbers:
        """How this language writes numbers."""
        return self.narration.numbers

    def _open(self) -> None:
        """The card; its title stays until the chapter's own has appeared in the same place."""
        from scenes.film import CHAPTERS  # the film knows its chapters, and chapters know this class

        names = [chapter.name for chapter in CHAPTERS]
        number = next((names.index(kind.__name__) + 1 for kind in type(self).__mro__ if kind.__name__ in names), 0)
        self._inputs.append(f"card {number} of {len(names)}")
        title, count = self.narration.text("title"), len(names) if number else 0
        alone = all(mobject is self._caption for mobject in self.mobjects)
        card = ChapterCard(title, number, count, self.stage, self.theme, flies=alone)
        self.play(card.open())
        self._card = card

    def _voice(self, beat: str, text: str) -> tuple[str | None, float]:
        """The recording of a beat if there is one, and the seconds that its words need, a breath included."""
        recording = voice.recording_of(self.narration.language, type(self).__name__, beat, text)
        if recording is None:
            return None, reading_time(text)
        needed = voice.duration_of(recording) + BREATH
        self._inputs.append(f"voice {beat} {needed:.4f} s")
        return str(recording), needed

    def _show_caption(self, lines: Sequence[str]) -> None:
        if self._caption is not None:
            self.remove(self._caption)
        self._caption = caption_box(lines, self)
        self.mobjects.insert(0, self._caption)  # below all movers, so that it is drawn once a beat

    def get_run_time(self, animations: list[Any]) -> float:
        """Whole frames: a play then lasts the same drawn, skipped or read from the cache."""
        frames = max(1, round(super().get_run_time(animations) * config.frame_rate))
        # manim rounds a still down and a motion up; a hundredth of a frame keeps either on the right side
        nudge = 0.01 if len(animations) == 1 and isinstance(animations[0], Wait) else -0.01
        return float((frames + nudge) / config.frame_rate)

    def play(self, *args: Any, **kwargs: Any) -> None:
        super().play(*args, **kwargs)
        if self._card is not None:
            self.remove(self._card)
            self._card = None
        self.clock += round(self.duration * config.frame_rate) / config.frame_rate


def caption_box(lines: Sequence[str], scene: Lecture) -> VGroup:
    """The caption in its zone: lines centred in a quiet box."""
    labels = VGroup(*(Label(line, scene.theme, "caption") for line in lines))
    pitch = 1.22 * labels[0].px * 8 / 1080
    for i, label in enumerate(labels):
        label.move_to(ORIGIN).on_line(-i * pitch)
    box = RoundedRectangle(
        width=labels.width + 0.8,
        height=pitch * len(labels) + 0.16,
        corner_radius=0.1,
        stroke_width=0,
        fill_color=scene.theme.caption,
        fill_opacity=0.92,
    ).move_to([0, -pitch * (len(labels) - 1) / 2 + 0.12, 0])
    caption = VGroup(box, labels)
    caption.move_to([0, (scene.stage.caption_top - scene.stage.height / 2) / 2, 0]).shift(DOWN * 0.02)
    caption.is_caption = True
    return caption


class MissingRecordsError(Exception):
    """Records that are to be computed first, by somebody else."""

    def __init__(self, experiment: str, wanted: Sequence[Any]) -> None:
        super().__init__(f"{len(wanted)} records of {experiment} are missing")
        self.experiment, self.wanted = experiment, wanted


@cache
def code_digest(classes: tuple[type, ...]) -> str:
    """Digest of all code that can change a pixel of a scene of these classes, manim's aside.

    Taken once in a process: what counts is the code that is running.
    """
    own = [base for base in classes if base.__module__.split(".")[0] not in ("manim", "builtins")]
    return code.digest(Path(inspect.getfile(base)) for base in own)
