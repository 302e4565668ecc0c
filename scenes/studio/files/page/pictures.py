"""What the page shows of the film: a clip of a chapter where it is embedded, else its last picture."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from scenes.film import Chapter
from scenes.kit.telling.narration import Narration
from scenes.kit.telling.timeline import Timeline
from scenes.studio.files import captions, contact, formats
from scenes.studio.files.mux import mux
from scenes.studio.files.outputs import extras_of
from scenes.studio.look import Look, chosen
from sim.work.scratch import scratch

HEIGHT = 360  # px of a picture; few enough bytes to travel with the page


@dataclass(frozen=True)
class Figure:
    """A chapter in one language: its last picture (WebP), and its clip (mp4) with captions (WebVTT), if embedded."""

    chapter: str
    language: str
    title: str
    picture: bytes
    size: tuple[int, int]
    clip: bytes | None = None
    captions: str = ""

    def element(self, seen: bool = True) -> str:
        """The HTML of it; hidden, if it is not to be seen until the page's code says so."""
        alt = Narration(self.language, ["page"]).text("film.still", title=self.title)
        width, height = self.size
        picture = _data("image/webp", self.picture)
        if self.clip is None:
            shown = f'<img alt="{html.escape(alt)}" width="{width}" height="{height}" src="{picture}">'
        else:
            track = _data("text/vtt", self.captions.encode())
            shown = (
                f'<video controls muted playsinline preload="none" width="{width}" height="{height}" '
                f'aria-label="{html.escape(self.title)}" poster="{picture}" src="{_data("video/mp4", self.clip)}">'
                f'<track kind="captions" srclang="{self.language}" src="{track}" default></video>'
            )
        place = f'data-chapter="{self.chapter}" lang="{self.language}"{"" if seen else " hidden"}'
        return f"<figure {place}>{shown}<figcaption>{html.escape(self.title)}</figcaption></figure>"


def still(chapter: Chapter, language: str, params: str | None, sets: Sequence[str]) -> Figure:
    """The last picture of a chapter. Draws it; raises UsageError or ParamsError."""
    with chosen(Look(language), params, sets):
        frame, title = contact.poster(chapter, HEIGHT)
    return _figure(chapter.name, language, title, Image.fromarray(np.ascontiguousarray(frame)).convert("RGB"))


def moving(chapter: Chapter, look: Look, drawn: Path) -> Figure:
    """A finished clip of a chapter, as a player is to have it. `drawn` are its pictures, its timeline beside them."""
    timeline = Timeline.read_beside(drawn)
    with scratch("page") as folder:
        path = Path(folder) / "clip.mp4"
        mux([drawn], path, extras_of([timeline], look, chapter.name))
        clip = path.read_bytes()
    spoken = captions.as_vtt(timeline.beats)
    return _figure(
        chapter.name, look.lang, timeline.title, formats.picture_at(drawn, timeline.best).convert("RGB"), clip, spoken
    )


def _figure(
    chapter: str, language: str, title: str, picture: Image.Image, clip: bytes | None = None, vtt: str = ""
) -> Figure:
    if picture.height > HEIGHT:
        picture = picture.resize((round(picture.width * HEIGHT / picture.height), HEIGHT))
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=62, method=6)
    return Figure(chapter, language, title, out.getvalue(), picture.size, clip, vtt)


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
