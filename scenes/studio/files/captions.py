"""Captions as files: .srt, .vtt, and a transcript to read or to hand out."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from scenes.kit.telling.timeline import Beat, Sentence, Timeline


def as_srt(beats: Sequence[Beat]) -> str:
    """SubRip: what video sites and players take. A cue for each sentence."""
    said = [sentence for beat in beats for sentence in beat.sentences]
    cues = [f"{i}\n{_span(one, ',')}\n" + "\n".join(one.lines) + "\n" for i, one in enumerate(said, start=1)]
    return "\n".join(cues)


def as_vtt(beats: Sequence[Beat]) -> str:
    """WebVTT: what browsers take. They ignore the track inside an mp4. A cue for each sentence, under its beat's id."""
    cues = [
        f"{beat.name}\n{_span(said, '.')}\n" + html.escape("\n".join(said.lines), False) + "\n"
        for beat in beats
        for said in beat.sentences
    ]
    return "\n".join(["WEBVTT\n", *cues])


def as_transcript(title: str, timelines: Sequence[Timeline]) -> str:
    """All that is said, as Markdown: a heading per chapter, a line per beat with its time in the film; then what was
    measured and what decides how that comes out.

    A film's begins with the list of chapters in the form that video sites turn into chapters of their own.
    """
    out = [f"# {title}", "", "```", *_contents(timelines), "```", ""] if len(timelines) > 1 else []
    offset = 0.0
    for line in timelines:
        out += [f"{'##' if len(timelines) > 1 else '#'} {line.title}", ""]
        out += [f"- {_clock(offset + beat.start)} {beat.text}" for beat in line.beats]
        for sentence in line.decided:
            out += ["", f"> {sentence}"]
        out.append("")
        offset += line.duration
    return "\n".join(out)


def _contents(timelines: Sequence[Timeline]) -> Iterator[str]:
    offset = 0.0
    for line in timelines:
        yield f"{_clock(offset)} {line.title}"
        offset += line.duration


def _span(said: Sentence, mark: str) -> str:
    return f"{_stamp(said.start, mark)} --> {_stamp(said.end, mark)}"


def _stamp(seconds: float, mark: str) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{mark}{rest % 1000:03}"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
