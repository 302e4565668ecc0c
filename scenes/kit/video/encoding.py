"""How clips are encoded: colours that every player shows alike, on one thread, quickly where a clip is small."""

from __future__ import annotations

from manim import RendererType, config

from scenes.kit.errors import UsageError

# H.264 as manim encodes it (BT.601 matrix), said in the file: players otherwise guess another matrix from the size.
COLOURS = "colorprim=smpte170m:transfer=bt709:colormatrix=smpte170m"
# What x264 makes of pictures may depend on these pictures alone. With other numbers of threads it makes others, so a
# segment would depend on the machine's cores; drawing takes longer than encoding on one thread beside it. And where it
# uses AVX-512, its macroblock tree reads memory that nobody has written: we go without, for some bytes more.
SAME = "mbtree=0"
ONE_THREAD = {"threads": "1"}
COLOUR_TAGS = {"x264-params": f"{COLOURS}:{SAME}"}
# A sixth of the time of encoding, for clips of 480 lines that are looked at once; a quarter more bytes.
QUICK = "me=dia:subme=1:partitions=none:b-adapt=0:scenecut=0:ref=1:weightp=0"
PREVIEW = {"preset": "veryfast", "x264-params": f"{COLOURS}:{SAME}:{QUICK}"}


def options(lines: int) -> dict[str, str]:
    """Of x264, for clips whose short side has so many lines."""
    return COLOUR_TAGS | ONE_THREAD | (PREVIEW if lines <= 480 else {})


def refuse_other_ways() -> None:
    """Raise UsageError where manim was asked for what chapters cannot be: drawn by OpenGL, or of an odd size."""
    if config.renderer == RendererType.OPENGL:
        raise UsageError("--renderer opengl: chapters are painted with cairo; allowed: cairo")
    wide, high = config.pixel_width, config.pixel_height
    if wide % 2 or high % 2:
        fitting = f"{wide + wide % 2},{high + high % 2}"
        raise UsageError(f"-r {wide},{high}: clips have even widths and heights, as H.264 wants them; try {fitting}")
