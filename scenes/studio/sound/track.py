"""The voice of a film: recordings put at their beats, silence between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import av
import numpy as np
from numpy.typing import NDArray

from scenes.kit.telling.timeline import Beat

RATE = 48_000  # samples a second, one channel
BLOCK = 1024  # samples that AAC takes at once


def blocks(beats: Sequence[Beat]) -> Iterator[av.AudioFrame]:
    """The whole sound track, as long as the beats together, in blocks that the encoder takes."""
    kept = np.zeros(0, dtype=np.float32)
    begun = 0
    for beat in beats:
        kept = np.concatenate([kept, _beat(beat)])
        while len(kept) >= BLOCK:
            yield _frame(kept[:BLOCK], begun)
            kept, begun = kept[BLOCK:], begun + BLOCK
    if len(kept):
        yield _frame(kept, begun)


def _beat(beat: Beat) -> NDArray[np.float32]:
    """The samples of one beat, exactly as many as its frames last."""
    begun = round(beat.start * RATE)
    samples = np.zeros(round(beat.end * RATE) - begun, dtype=np.float32)
    for start, end, recording in beat.recordings:
        room = samples[round(start * RATE) - begun : round(end * RATE) - begun]
        said = _decoded(recording)[: len(room)]
        room[: len(said)] = said
    return samples


def _decoded(path: str) -> NDArray[np.float32]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with av.open(path) as source:
        frames = [part for frame in source.decode(audio=0) for part in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().ravel() for frame in frames] or [np.zeros(0, dtype=np.float32)])


def _frame(samples: NDArray[np.float32], begun: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None]), format="fltp", layout="mono")
    frame.sample_rate, frame.pts = RATE, begun
    return frame
