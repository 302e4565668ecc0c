"""The loop of whoever changes a parameter: how long one waits for a picture, and for the clip.

python tests/bench/loop.py [CHAPTER] [--beat residual] [--set profile.depth=32]      seconds by the clock, so on an idle
machine

Printed beside what they were before workers were kept. Bounds, on two idle cores: a still from cold 3 s; after saving,
the picture of the beat that changed first 1.5 s, the clip a fifth of its length.
"""

from __future__ import annotations

import argparse
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import av

STILL, FIRST, SHARE = 3.0, 1.5, 0.2
MAIN = [sys.executable, "-c", "from scenes.studio.commands.cli import main; main()"]


def still(chapter: str, beat: str, folder: Path) -> float:
    """Seconds of `atajos stills --beat`, from cold."""
    begun = time.perf_counter()
    subprocess.run([*MAIN, "stills", chapter, "--beat", beat, "--out", str(folder)], check=True, capture_output=True)
    return time.perf_counter() - begun


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    """What it says, as it is said."""
    said: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    threading.Thread(target=lambda: [said.put(line.strip()) for line in process.stdout or ()], daemon=True).start()
    while True:
        yield said.get(timeout=600)


def edited(chapter: str, change: str, folder: Path) -> tuple[float, float, float]:
    """Seconds from saving a parameter to the picture that changed first, and to the clip; and the clip's length.

    The record is computed before: what it costs is the experiment's, and no picture's.
    """
    table, key, value = (*change.split("=")[0].split("."), change.split("=")[1])
    params = folder / "my.toml"
    params.write_text("")
    own = os.environ | {"ATAJOS_MEDIA": str(folder / "media"), "PYTHONUNBUFFERED": "1"}
    told = ["stills", chapter, "--out", str(folder), "--set", change]
    subprocess.run([*MAIN, *told], check=True, capture_output=True)
    command = [*MAIN, "watch", chapter, "--params", str(params), "--out", str(folder / "out")]
    process = subprocess.Popen(command, env=own, stdout=subprocess.PIPE, text=True)
    said = lines(process)
    try:
        next(line for line in said if line.endswith(".mp4"))
        time.sleep(2.0)  # an editor is not that fast
        params.write_text(f"[{table}]\n{key} = {value}\n")
        begun = time.perf_counter()
        next(line for line in said if "-now-" in line)
        first = time.perf_counter() - begun
        clip = next(line for line in said if line.endswith(".mp4"))
        whole = time.perf_counter() - begun
        with av.open(clip) as source:
            return first, whole, float(source.duration / av.time_base)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapter", nargs="?", default="GradientFlow")
    parser.add_argument("--beat", default="residual")
    parser.add_argument("--set", dest="change", default="profile.depth=32", help="what is edited: a key of the file")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cold = min(still(chosen.chapter, chosen.beat, folder) for _ in range(2))
        first, whole, length = edited(chosen.chapter, chosen.change, folder)
    load = os.getloadavg()[0]
    print(f"{chosen.chapter}, load {load:.1f}                      now   bound   before")
    print(f"a still of one beat, from cold          {cold:6.1f} s  {STILL:5.1f}   4–5 s")
    print(f"after saving: what changed first        {first:6.1f} s  {FIRST:5.1f}   –")
    print(f"after saving: the clip of {length:3.0f} s         {whole:6.1f} s  {SHARE * length:5.1f}   13–16 s for 54 s")
    return int(cold > STILL or first > FIRST or whole > SHARE * length)


if __name__ == "__main__":
    raise SystemExit(main())
