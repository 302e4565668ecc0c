"""What workers are forked of: manim and all chapters, imported once, in a process of its own.

What is edited afterwards is not seen here: another edit of code needs another nest.
"""

from __future__ import annotations

import contextlib
import gc

from scenes.kit.errors import UsageError
from scenes.studio.farm.errands import import_chapters, import_manim

with contextlib.suppress(UsageError):  # said when the first job asks for it
    import_manim()
    import_chapters()
gc.freeze()
