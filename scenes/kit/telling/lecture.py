"""The base of every chapter: a scene told in beats."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from manim import Scene, Wait, config
from rich.progress import track

import sim.params
from scenes.kit.claims.chapters import Beats
from scenes.kit.drawing.numbers import Numbers
from scenes.kit.drawing.stage import stage_for
from scenes.kit.drawing.theme import theme_named
from scenes.kit.errors import MissingRecordsError, UsageError, one_message
from scenes.kit.telling.captions import Captions
from scenes.kit.telling.cues import Cues, Script, script_of
from scenes.kit.telling.decided import decided
from scenes.kit.telling.narration import Narration
from scenes.kit.telling.phrasing import BREATH
from scenes.kit.telling.setting import refuse_network, refuse_shortcuts, setting_now
from scenes.kit.telling.timeline import Beat, Timeline, versions_of
from scenes.kit.telling.voice import Place
from scenes.kit.video import code, encoding, made_with
from scenes.kit.video.segments import SegmentRenderer
from sim import store
from sim.own.file import load

config.notify_outdated_version = False  # rendering asks nothing of the network
config.max_inflight_encoders = 4  # a segment is encoded while the next ones are drawn
WISHED = dict(config.video_encoder_options)  # of manim.cfg; not what a chapter of another size has left there


class Lecture(Scene):
    """A chapter of the film.

    A subclass fetches its records in :meth:`setup` and tells its story in ``construct`` as a sequence of
    ``with self.beat("id"): …``. Language, theme, format and parameters are those of :func:`setting_now`. What a user
    got wrong ends the command with one message and exit code 2.

    ``at_beat_end`` holds functions called with (scene, beat id) when a beat has been told: contact sheets and the
    layout lint look at the scene there. ``reads`` and ``fetched`` say what the chapter was made from.
    """

    lacks: ClassVar[str] = "it asks for no journey (scenes/kit/reading/networks.py)"  # why it draws no network; or ""
    poster: ClassVar[str] = ""  # the beat that ends with the chapter's best picture; "" for the last one
    computes: ClassVar[bool] = True  # records that the store lacks; else MissingRecordsError
    claims: ClassVar[Beats] = {}  # by beat: what may be said there, and when it is true
    facts: Any = None  # what claims are about; set up from the records

    def __init__(
        self, renderer: Callable[..., SegmentRenderer] = SegmentRenderer, skip_animations: bool = False
    ) -> None:
        with one_message():
            encoding.refuse_other_ways()
            self.setting = setting = setting_now()
            self.theme, self.stage = theme_named(setting.theme), stage_for(setting.aspect)
            refuse_network(setting.network, type(self))
            names = [kind.__name__ for kind in type(self).__mro__]
            self.narration = Narration(setting.lang, names, setting.telling)
        self.theme.apply()
        self.stage.apply()
        if self.theme.opacity == 1 and str(config.format or "auto") in ("auto", "mp4"):
            fitting = encoding.options(min(config.pixel_height, config.pixel_width))
            config.video_encoder_options = fitting | WISHED
        self.now = 0.0  # s told so far, as no frame rate rounds them; equal whether drawn, skipped or cached
        self.clock = 0.0  # s of the clip: whole frames, as near as they come to ``now``
        self.beats: list[str] = []
        self._told: list[Beat] = []
        self.at_beat_end: list[Callable[[Lecture, str], None]] = []
        self.at_cue: list[Callable[[Lecture, str], None]] = []
        self.reads: dict[str, str] = {}  # sections of the parameters, in canonical form
        self.fetched: list[tuple[str, Any]] = []  # experiments, with the parameters of each record
        self._inputs: list[str] = []
        self._measured: list[Any] = []  # records
        self._own: tuple[Any, ...] = ()  # those of a network of one's own
        self._caption: Captions | None = None
        self._begun = 0.0  # when the beat began whose captions are seen
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
            captions=self.setting.captions,
            telling=self.narration.telling,
            digest=digest,
            frame_rate=float(config.frame_rate),
            beats=tuple(self._told),
            poster=self.poster,
            measured_with=versions_of(self._measured),
            decided=decided(self.narration, self.fetched, self._own),
        )

    # what the chapter reads

    def parameters(self, section: str) -> Any:
        """One section of the parameters; the clip depends on it from here on. Raises UsageError: its shortcuts."""
        model = getattr(self.setting.parameters, section)
        refuse_shortcuts(section, model)
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
        self._measured += found
        self._inputs += [store.digest(record) for record in found]
        return found

    def networks(self, shipped: Path | None = None) -> tuple[Any, ...]:
        """The records in the file of a network of one's own; without one, those of a file that is ``shipped``, or none.
        The clip depends on them from here on.

        Raises :class:`UsageError` for a file that is no such record, or was changed.
        """
        file = self.setting.network or shipped
        if file is None:
            return ()
        try:
            found = load(file)
        except ValueError as error:
            raise UsageError(f"--network: {error}") from None
        self._measured += found
        self._own = found
        self._inputs += [store.digest(record) for record in found]
        return found

    def segment_key(self, index: int, encoder: str) -> str:
        """The name of the segment that play number ``index`` makes: all that its pixels depend on, as a digest."""
        look = (repr(self.theme), repr(self.stage), self.setting.captions)
        said = (self.narration.language, self.narration.digest(), *look)
        seen = (config.pixel_width, config.pixel_height, config.frame_rate, encoder, made_with.versions())
        parts = [type(self).__qualname__, code.digest_of(tuple(type(self).__mro__)), *said, *seen, *self._inputs, index]
        return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()[:32]

    def changed_parameters(self) -> list[str]:
        """What of the parameters in force is not the default, as ``key = value``; the clip depends on all of them."""
        for section in sim.params.Params.model_fields:
            self.parameters(section)
        return sim.params.changed(self.setting.parameters)

    # beats

    @contextmanager
    def beat(self, name: str, say: str | None = None, /, **fields: object) -> Iterator[Cues]:
        """One beat: a section of the clip, its sentences as captions, its gestures, and the time its words need.

        ``say`` is the narration's key if it is not ``name``; ``fields`` fill the text. Where the narration has several
        versions, the record decides which is true: see :meth:`holds`. The beat lasts as long as its words need (or the
        voice that says them), and never shorter than its gestures and a breath. ``cue(i)`` of what this yields waits
        until sentence ``i`` begins.
        """
        texts = self.narration.sentences(say or name, self.holds, **fields)
        self.beats.append(name)
        self.next_section(name)
        start, begun = self.clock, self.now
        script = script_of(self.narration, self._place(name), texts)
        if script.recording or any(sentence.voice for sentence in script.sentences):
            self._inputs.append(f"voice {name} {script}")
        self._show_captions(script)
        cues = Cues(self, script)
        yield cues
        cues.wait_until(max(script.needed, self.now - begun + BREATH))
        text = " ".join(texts)
        if self.setting.captions != "burn":  # else players would show them over those in the picture
            self.add_subcaption(text, duration=self.clock - start, offset=start - self.renderer.time)
        sentences = script.at(start, self.clock)
        self._told.append(Beat(name, start, self.clock - start, sentences, script.recording))
        for look in self.at_beat_end:
            look(self, name)

    def holds(self, beat: str, claim: str) -> bool:
        """Whether a claim that the narration names may be made in a beat: what the record says."""
        known = self.claims.get(beat.split(".")[0], {})
        if claim not in known:
            raise UsageError(
                f"{type(self).__name__}.{beat}: no claim {claim!r}; there are: {', '.join(known) or 'none'}"
            )
        return bool(known[claim](self.facts))

    def linger_until(self, time: float) -> None:
        """Linger until a time; where that is less than a frame away, it comes with the next one."""
        if self._frames_until(time) > 0:
            self.linger(time - self.now)
        self.now = max(self.now, time)

    def linger(self, seconds: float) -> None:
        """What happens until a beat's words have been said: nothing, save in chapters where something never stops."""
        self.wait(seconds)

    def turn_caption(self) -> None:
        """Show the sentence that is said now."""
        if self._caption is not None:
            self._caption.show(self.now - self._begun)

    @property
    def numbers(self) -> Numbers:
        """How this language writes numbers."""
        return self.narration.numbers

    def _place(self, beat: str) -> Place:
        """Where a recording of a beat would lie."""
        setting = self.setting
        return Place(setting.voices, setting.lang, type(self).__name__, setting.telling, beat)

    def _show_captions(self, script: Script) -> None:
        self._begun = self.now
        if self.setting.captions != "burn":
            return
        if self._caption is not None:
            self.remove(self._caption)
        self._caption = Captions(script, self.stage, self.theme)
        self.mobjects.insert(0, self._caption)  # below all movers, so that it is drawn once a gesture

    def _frames_until(self, time: float) -> int:
        rate = float(config.frame_rate)
        return round(time * rate) - round(self.clock * rate)

    def lasting(self, animations: list[Any]) -> float:
        """How long animations last, in seconds as they were asked for."""
        return float(max(animation.run_time for animation in animations))

    def get_run_time(self, animations: list[Any]) -> float:
        """Whole frames: a play then lasts the same drawn, skipped or read from the cache. What one play is too short
        for its frames the next ones make up for, so that frame rates stay in step."""
        frames = max(1, self._frames_until(self.now + self.lasting(animations)))
        # manim rounds a still down and a motion up; a hundredth of a frame keeps either on the right side
        nudge = 0.01 if len(animations) == 1 and isinstance(animations[0], Wait) else -0.01
        return float((frames + nudge) / config.frame_rate)

    def play(self, *args: Any, **kwargs: Any) -> None:
        """As in manim; a caption whose time comes in the middle of it changes there."""
        gestures = self.compile_animations(*args, **kwargs)
        seconds = self.lasting(gestures)
        if self._caption is not None:
            self.turn_caption()
            begin = self.now - self._begun
            turn = self._caption.turn(begin, begin + seconds, config.frame_rate)
            gestures += [turn] if turn is not None else []
        super().play(*gestures)
        self.clock += round(self.duration * config.frame_rate) / config.frame_rate
        self.now += seconds
