"""espeak-ng, an offline voice: the system's program, or the library that the extra ``voice`` brings."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
import wave
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from scenes.kit.errors import UsageError
from sim.records import atomic

PROGRAM, PACKAGE = "espeak-ng", "espeakng_loader"
VOICES = {"es": "es-419", "en": "en-us"}
SPEED = 150  # words a minute, near the 2.6 a second that captions are timed by
MEND = "pip install 'atajos[voice]', or apt-get install espeak-ng (macOS: brew install espeak-ng)"

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
POWER = {"es": " a la ", "en": " to the "}
SAID = {
    "es": {"×": " por ", "−": " menos ", "-": "menos ", "=": " es igual a "},
    "en": {"×": " times ", "−": " minus ", "-": "minus ", "=": " equals "},
}


class SpeechError(RuntimeError):
    """Nothing was spoken; the message says why."""


def available() -> bool:
    """Whether anything here can speak."""
    return shutil.which(PROGRAM) is not None or find_spec(PACKAGE) is not None


def _speak(text: str, language: str, path: Path) -> None:
    """Write a text, spoken, to a wav file. Raises SpeechError."""
    program = shutil.which(PROGRAM)
    if program is None:
        _by_library(text, language, path)
        return
    command = [program, "-v", VOICES[language], "-s", str(SPEED), "-w", str(path), "--stdin"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8")
    if done.returncode or not path.is_file():
        raise SpeechError(f"{PROGRAM}: {done.stderr.strip() or 'made no sound'}")


@cache
def _library() -> tuple[ctypes.CDLL, int]:
    """The library, and its samples a second. See speak_lib.h of espeak-ng for the numbers."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    synchronous, no_options = 2, 0
    rate = library.espeak_Initialize(synchronous, 0, str(Path(espeakng_loader.get_data_path())).encode(), no_options)
    if rate <= 0:
        raise SpeechError(f"{PROGRAM}: the library cannot be started")
    return library, int(rate)


def _by_library(text: str, language: str, path: Path) -> None:
    library, rate = _library()
    samples = bytearray()

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    def hear(sound: object, count: int, events: object) -> int:
        if count > 0:
            samples.extend(ctypes.string_at(sound, 2 * count))  # type: ignore[arg-type]
        return 0

    library.espeak_SetSynthCallback(hear)
    words_a_minute, utf8, at_character = 1, 1, 1
    if library.espeak_SetVoiceByName(VOICES[language].encode()):
        raise SpeechError(f"{PROGRAM}: has no voice {VOICES[language]}")
    library.espeak_SetParameter(words_a_minute, SPEED, 0)
    said = text.encode()
    library.espeak_Synth(said, ctypes.c_size_t(len(said) + 1), 0, at_character, 0, utf8, None, None)
    library.espeak_Synchronize()
    if not samples:
        raise SpeechError(f"{PROGRAM}: made no sound")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(samples))


def speak(language: str, text: str, path: Path) -> None:
    """Write a sound file and, beside it, the words in it. Raises UsageError if nothing was spoken."""

    def make(part: Path) -> None:
        try:
            _speak(spoken(text, language), language, part)
        except SpeechError as error:
            raise UsageError(str(error)) from None

    atomic.whole(path, make)
    atomic.write(path.with_suffix(".txt"), f"{text}\n".encode())


def spoken(text: str, language: str) -> str:
    """A caption as one says it: ``10⁻⁸`` is «10 a la menos 8»."""
    said = SAID[language]

    def power(match: re.Match[str]) -> str:
        exponent = match[1].translate(RAISED)
        return POWER[language] + exponent.replace("-", said["-"])

    text = re.sub(r"([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", power, text)
    for sign in ("×", "−", "="):
        text = text.replace(sign, said[sign])
    return re.sub(r"  +", " ", text)
