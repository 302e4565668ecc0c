"""All that drawing costs, in one run: python tests/bench/everything.py [CHAPTER…] [--quality l,h] [--params F]

For each quality the farm beside plain manim and beside encoding alone (farm.py), then what painting a camera shot saves
(scenery.py), then how long one waits after an edit (loop.py). Some twenty minutes for the film on two cores, idle ones.
"""

from __future__ import annotations

import sys

from tests.bench import farm, loop, scenery


def main() -> int:
    return farm.main(sys.argv[1:]) | scenery.main([]) | loop.main([])


if __name__ == "__main__":
    raise SystemExit(main())
