"""What is wanted of a chapter: all of it, one beat, or the shots of a trailer; and which of its plays show that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from scenes.film import Cut
from scenes.kit.telling.timeline import Beat, Timeline
from scenes.studio.farm.messages import Play, Shot


def wanted(shot: Shot, whole: Timeline, plays: Sequence[Play]) -> list[bool]:
    """Which plays show what is wanted. Raises :class:`UsageError` if the chapter has no such beat."""
    if shot.beat is None and not shot.cuts:
        return [True] * len(plays)
    half = 0.5 / whole.frame_rate
    edges = [frames / whole.frame_rate for frames in accumulate((play.frames for play in plays), initial=0)]
    spans = [(beat.start, beat.end) for beat in _pieces(shot, whole)]
    return [any(begin < high - half and end > low + half for low, high in spans) for begin, end in pairwise(edges)]


def timed(shot: Shot, whole: Timeline, plays: Sequence[Play]) -> Timeline:
    """What is said when, in a clip of the wanted plays alone; of a trailer, a beat without words for each shot.

    Raises :class:`UsageError` if the chapter has no such beat.
    """
    if not shot.cuts:
        return whole.only(shot.beat) if shot.beat is not None else whole
    kept = wanted(shot, whole, plays)
    begins = accumulate((play.frames for play in plays), initial=0)
    gone = [(begin, play.frames) for begin, play, keep in zip(begins, plays, kept, strict=False) if not keep]

    def moved(beat: Beat) -> Beat:
        first = round(beat.start * whole.frame_rate)
        return replace(beat, start=(first - sum(frames for begin, frames in gone if begin < first)) / whole.frame_rate)

    return replace(whole, beats=tuple(moved(beat) for beat in _pieces(shot, whole)))


def _pieces(shot: Shot, whole: Timeline) -> list[Beat]:
    """What is wanted, in the chapter's own time, in whole frames."""
    if shot.cuts:
        return [_shown(cut, whole) for cut in shot.cuts]
    whole.only(str(shot.beat))
    return [beat for beat in whole.beats if beat.name == shot.beat]


def _shown(cut: Cut, whole: Timeline) -> Beat:
    rate, stem = whole.frame_rate, cut.beat.removesuffix("*")
    meant = [beat for beat in whole.beats if beat.name == cut.beat or (stem != cut.beat and beat.name.startswith(stem))]
    begin, end = 0.0, whole.duration
    if not meant:
        end = whole.best + 1 / rate
        begin = end - cut.seconds
    elif cut.last:
        end = meant[-1].end
        begin = end - cut.seconds
    else:
        said = meant[-1].sentences
        begin = said[min(cut.cue, len(said) - 1)].start if said else meant[-1].start
    first = max(0, round(begin * rate))
    last = min(round(end * rate), first + round(cut.seconds * rate))
    return Beat(cut.beat, first / rate, (last - first) / rate, ())
