"""What kept workers are forked of: manim, all chapters and torch, imported once, in a process of its own.

What is edited afterwards is not seen here: another edit of code needs another nest.
"""

from __future__ import annotations

import contextlib
import gc
import importlib

from scenes.kit.errors import UsageError
from scenes.studio.farm.errands import import_chapters, import_manim

with contextlib.suppress(UsageError):  # said when the first job asks for it
    import_manim()
    import_chapters()
with contextlib.suppress(ImportError):  # said when a record is computed
    importlib.import_module("sim.measure.profile")
gc.freeze()
