"""The page as one HTML file: code, style, letters, data and pictures inside, and a policy that forbids all else."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import uharfbuzz as hb

from scenes.kit.drawing.text import FOLDER as FONTS
from scenes.kit.drawing.text import WEIGHTS
from scenes.kit.drawing.theme import DARK, LIGHT, Theme
from scenes.kit.telling.narration import Narration
from scenes.studio.files.page import source
from scenes.studio.files.page.pictures import Figure

LANGUAGE_NAMES = {"es": "Español", "en": "English"}  # each in its own language
WORD = re.compile(r'(<(?P<tag>\w+)[^>]*\bdata-t="(?P<key>[\w.]+)"[^>]*>)(?=</(?P=tag)>)')
LABEL = re.compile(r'data-label="([\w.]+)"')
SLOT = re.compile(r"\[\[(\w+)\]\]")


def document(data: Mapping[str, Any], figures: Sequence[Figure]) -> str:
    """The HTML. data: see content.py."""
    language = data["languages"][0]
    narration = Narration(language, ["page"])
    style = filled(
        (source.FOLDER / "page.css").read_text(encoding="utf-8"), {t.name: colours(t) for t in (DARK, LIGHT)}
    )
    style = "".join([*faces(_letters(data["words"])), style])
    code = source.joined("ui.js")
    template = (source.FOLDER / "page.html").read_text(encoding="utf-8")
    # The words of the first language stand in it, for readers without JavaScript.
    template = WORD.sub(lambda found: found[1] + html.escape(narration.text(found["key"])), template)
    template = LABEL.sub(lambda found: f'{found[0]} aria-label="{html.escape(narration.text(found[1]))}"', template)
    return filled(
        template,
        {
            "language": language,
            "title": html.escape(narration.text("title")),
            "policy": policy(code, style),
            "version": html.escape(_version()),
            "language_buttons": "".join(map(_button, data["languages"] if len(data["languages"]) > 1 else ())),
            "figures": "\n".join(figure.element(figure.language == language) for figure in figures),
            "provenance": html.escape(_provenance(data)),
            "style": style,
            "data": _inside(json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))),
            "worker": _inside(source.joined("worker.js")),
            "code": code,
        },
    )


def filled(template: str, slots: Mapping[str, str]) -> str:
    """A template with its [[slots]] filled, once: what is put in is not looked at again."""
    return SLOT.sub(lambda found: slots[found[1]], template)


def policy(code: str, style: str) -> str:
    """Nothing is fetched from anywhere; of scripts and styles these very two run, and the worker they start."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src '{_hash(code)}'",
            f"style-src '{_hash(style)}'",
            "worker-src blob:",
            *(f"{kind}-src data:" for kind in ("font", "img", "media")),
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def colours(theme: Theme) -> str:
    """A theme's roles as properties: --night-road."""
    roles = {name: value for name, value in asdict(theme).items() if str(value).startswith("#")}
    return " ".join(f"--{name.replace('_', '-')}: {value};" for name, value in roles.items())


def faces(letters: Iterable[str]) -> list[str]:
    """The bundled font in two weights, with these letters alone."""
    found = []
    for name, weight in (("regular", 400), ("bold", 700)):
        face = hb.Face(hb.Blob.from_file_path(str(FONTS / f"AtkinsonHyperlegibleNext_{WEIGHTS[name]}.ttf")))
        wanted = hb.SubsetInput()
        wanted.unicode_set.update(map(ord, letters))
        data = base64.b64encode(hb.subset(face, wanted).blob.data).decode()
        source_of = f"url(data:font/ttf;base64,{data})"
        found.append(f'@font-face {{ font-family: "Atajos"; font-weight: {weight}; src: {source_of}; }}\n')
    return found


def _letters(words: Mapping[str, Any]) -> set[str]:
    ascii_letters = {chr(code) for code in range(32, 127)}
    return ascii_letters | set("−×·…–⁰¹²³⁴⁵⁶⁷⁸⁹⁻∞") | set(json.dumps(words, ensure_ascii=False))


def _button(code: str) -> str:
    name = LANGUAGE_NAMES.get(code, code)
    return f'\n    <button type="button" data-lang="{code}" lang="{code}" aria-pressed="false">{name}</button>'


def _provenance(data: Mapping[str, Any]) -> str:
    """What the page was made of: version, and parameters that are not the defaults."""
    return " · ".join([f"atajos {_version()}", *data["line"]["told"]])


def _version() -> str:
    try:
        return version("atajos")
    except PackageNotFoundError:
        return "0"


def _inside(text: str) -> str:
    """Text that may stand in a script element: nothing in it ends the element."""
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
