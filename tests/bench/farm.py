"""What the farm costs and saves: the film by workers together, against the same chapters one after the other.

    python tests/bench/farm.py [CHAPTER…] [--quality l,h] [--jobs 2] [--params F] [--no-floor]

In one run, for each quality: every chapter by the plain manim command, one after the other, nothing cached; then by
`atajos render`, nothing cached; then once more, nothing changed. CPU time is that of processes with all their children.
The encode-only floor follows (encode_floor.py), and what more workers would do: the measured times of slices, scheduled
on 4 to 64 of them, longest first. Records are computed before. Bounds, on 2 cores: busy ≥ 0.85 at every quality, CPU
≤ 1.15 of plain; at preview quality ≥ 1.7 times as fast; nothing changed ≤ 5 s; 16 workers ≥ 0.80 busy.
"""

from __future__ import annotations

import argparse
import heapq
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scenes.film import FILM
from scenes.studio.farm import farm, orders
from scenes.studio.farm.plans import Plan
from scenes.studio.files.contact import at_beat_ends
from scenes.studio.look import Look, chosen
from sim.work.processes import cores
from tests.bench.encode_floor import BOUNDS, measure

BUSY, MORE, FASTER, UNCHANGED, SIXTEEN = 0.85, 1.15, 1.7, 5.0, 0.80
WORKERS = (2, 4, 8, 16, 32, 64)


def timed(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """Wall and CPU seconds of a command and all its children."""

    def cpu() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    begun, before = time.perf_counter(), cpu()
    done = subprocess.run(command, env=os.environ | dict(environment), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return time.perf_counter() - begun, cpu() - before


def schedule(jobs: Sequence[float], workers: int) -> float:
    """When the last of ``workers`` is done, if each takes the longest job that is left."""
    ends = [0.0] * workers
    for seconds in sorted(jobs, reverse=True):
        heapq.heappush(ends, heapq.heappop(ends) + seconds)
    return max(ends)


def slices_of(found: Sequence[Plan], workers: int) -> list[float]:
    """Seconds of every slice that the farm would cut for so many workers, with the telling of what comes before."""
    share = sum(sum(plan.costs) for plan in found) / (farm.SHARES * workers)
    return [
        cost + plan.telling * (last + 1) / len(plan.plays)
        for plan in found
        for _, last, cost in orders.ranges(plan.costs, max(share, farm.WORTH * plan.telling))
    ]


def compare(names: Sequence[str], quality: str, jobs: int, params: str | None) -> tuple[bool, list[Plan]]:
    """Print one quality's figures; whether they are within the bounds, and the plans with what plays cost."""
    python = Path(sys.executable)
    chapters = [chapter for chapter in FILM if chapter.name in names]
    wall = cpu = 0.0
    with tempfile.TemporaryDirectory() as folder:
        own = {"ATAJOS_MEDIA": f"{folder}/media", **({"ATAJOS_PARAMS": params} if params else {})}
        for chapter in chapters:
            settings = [f"-q{quality}", "--progress_bar", "none", "--media_dir", f"{folder}/plain"]
            one = timed([str(python.with_name("manim")), *settings, str(chapter.file), chapter.name], own)
            print(f"  plain manim {chapter.name:<16} wall {one[0]:7.1f} s  CPU {one[1]:7.1f} s", flush=True)
            wall, cpu = wall + one[0], cpu + one[1]
        command = [str(python), "-c", "from scenes.studio.commands.cli import main; main()", "render", *names]
        command += ["--quality", quality, "--jobs", str(jobs), "--out", f"{folder}/out"]
        together = timed(command, own)
        again = timed(command, own)
        found = [Plan.read(path) for path in sorted(Path(folder, "media", "plans").iterdir())]
    busy, more, faster = together[1] / (together[0] * cores()), together[1] / cpu, wall / together[0]
    bound = FASTER if quality == "l" else 0.0
    print(f"  one after the other          wall {wall:7.1f} s  CPU {cpu:7.1f} s")
    print(f"  atajos, {jobs} workers            wall {together[0]:7.1f} s  CPU {together[1]:7.1f} s")
    print(f"  cores busy          {busy:6.2f}   at least {BUSY}")
    print(f"  CPU against plain   {more:6.2f}   at most {MORE}")
    print(f"  times as fast       {faster:6.2f}   {f'at least {bound}' if bound else ''}")
    print(f"  nothing changed     {again[0]:6.2f} s  at most {UNCHANGED:.0f} s", flush=True)
    good = busy >= BUSY and more <= MORE and faster >= bound and again[0] <= UNCHANGED
    return good, [plan for plan in found if plan is not None]


def simulate(found: Sequence[Plan]) -> bool:
    """Print what more workers would do; whether 16 are kept busy."""
    alone = sum(sum(plan.costs) + plan.telling for plan in found)
    longest = max(max(plan.costs) for plan in found)
    print(f"  simulated from measured slices: {alone:.1f} s of work, the longest play {longest:.1f} s")
    print("  workers   slices   makespan s   busy   of one worker's speed")
    good = True
    for workers in WORKERS:
        work = slices_of(found, workers)
        end = schedule(work, workers)
        busy = sum(work) / (workers * end)
        print(f"  {workers:7} {len(work):8} {end:12.1f} {busy:6.2f} {alone / end:8.1f}")
        good &= workers != 16 or busy >= SIXTEEN
    return good


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", default=[chapter.name for chapter in FILM])
    parser.add_argument("--quality", default="l,h")
    parser.add_argument("--jobs", type=int, default=cores())
    parser.add_argument("--params", help="a parameter file, e.g. assets/params/preview.toml")
    parser.add_argument("--no-floor", action="store_true", help="leave the encode-only floor out")
    options = parser.parse_args(arguments)
    params = str(Path(options.params).resolve()) if options.params else None
    good = True
    with chosen(Look(), params):
        for chapter in FILM:
            if chapter.name in options.chapters:
                at_beat_ends(chapter, lambda scene, beat: None)  # every record is in the store now
        for quality in options.quality.split(","):
            print(f"quality {quality}, {cores()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
            within, found = compare(options.chapters, quality, options.jobs, params)
            good &= within & simulate(found)
            if not options.no_floor:
                for chapter in FILM:
                    if chapter.name in options.chapters:
                        whole, encoding, frames = measure(chapter, quality)
                        good &= whole / encoding <= BOUNDS[quality]
                        ratio = f"{whole / encoding:.2f}   at most {BOUNDS[quality]}"
                        told = f"drawn and encoded {whole:.1f} s, encoded alone {encoding:.1f} s: {ratio}"
                        print(f"  floor {chapter.name:<16} {frames} frames, {told}", flush=True)
    print("within the bounds" if good else "NOT within the bounds")
    return int(not good)


if __name__ == "__main__":
    raise SystemExit(main())
