"""What is said in a beat, and when: sentences one after the other, as long as each needs to be read or to be heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from scenes.kit.telling import voice
from scenes.kit.telling.narration import Narration
from scenes.kit.telling.phrasing import BREATH, reading_time
from scenes.kit.telling.timeline import Sentence


@dataclass(frozen=True)
class Script:
    """The sentences of a beat, timed from its beginning in seconds, and what it needs in all, a breath included.

    ``recording`` says the whole beat; else each sentence may have one of its own.
    """

    sentences: tuple[Sentence, ...]
    needed: float
    recording: str | None = None

    def begun(self, time: float) -> int:
        """The sentence that is being said at a time, to a millisecond; the last one stays."""
        return max(0, sum(sentence.start <= time + 1e-3 for sentence in self.sentences) - 1)

    def at(self, start: float, end: float) -> tuple[Sentence, ...]:
        """The sentences in a clip's own time, in a beat that lasted from ``start`` to ``end``: each until the next."""
        starts = [start + sentence.start for sentence in self.sentences]
        return tuple(
            Sentence(begun, until - begun, sentence.lines, sentence.voice)
            for sentence, begun, until in zip(self.sentences, starts, [*starts[1:], end], strict=True)
        )


def script_of(narration: Narration, place: voice.Place, texts: Sequence[str]) -> Script:
    """When each of ``texts`` is said in the beat of ``place``: its recording says it, else the time it takes to read.

    A recording of the whole beat has marks, the second at which each sentence begins, or the sentences share it as they
    share the time of reading.
    """
    whole = voice.recording_of(place, " ".join(texts))
    times = [reading_time(text) for text in texts]
    recordings: list[Path | None] = [None] * len(texts)
    if whole is not None:
        length = voice.duration_of(whole)
        shares = [begun * length / sum(times) for begun in accumulate(times[:-1], initial=0.0)]
        starts, needed = voice.marks_of(whole, len(texts)) or shares, length + BREATH
    else:
        if len(texts) > 1:
            recordings = [voice.recording_of(place.sentence(i), text) for i, text in enumerate(texts)]
        pairs = zip(times, recordings, strict=True)
        lasting = [time if path is None else voice.duration_of(path) + BREATH for time, path in pairs]
        *starts, needed = accumulate(lasting, initial=0.0)
    sentences = tuple(
        Sentence(start, until - start, tuple(narration.lines(text)), None if path is None else str(path))
        for start, until, text, path in zip(starts, [*starts[1:], needed], texts, recordings, strict=True)
    )
    return Script(sentences, needed, None if whole is None else str(whole))


class Cues:
    """When the sentences of a beat are said, for the gestures that go with them. ``scene`` is the Lecture."""

    def __init__(self, scene: Any, script: Script) -> None:
        self._scene, self._script, self._start = scene, script, scene.now

    def cue(self, i: int) -> None:
        """Wait until sentence ``i`` (from 0) begins; what has begun, or is not said, is not waited for."""
        if i < len(self._script.sentences):
            self.wait_until(self._script.sentences[i].start)
        for look in self._scene.at_cue:
            look(self._scene, f"{self._scene.beats[-1]}.{i}")

    def wait_until(self, time: float) -> None:
        """Linger until a time of the beat, in seconds; captions change on the way."""
        stops = [sentence.start for sentence in self._script.sentences if sentence.start < time]
        for stop in [*stops, time]:
            self._scene.linger_until(self._start + stop)
        self._scene.turn_caption()
