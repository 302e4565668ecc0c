"""How a job reaches what does it, by its name: who asks for it need not import manim."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from scenes.kit.errors import UsageError
from scenes.studio.farm.messages import Failure

broken: list[str] = []  # why the chapters cannot be imported, if they cannot


def import_chapters() -> None:
    """Import them, and note which code they are made of; or why that cannot be done."""
    broken.clear()
    try:
        from scenes.studio.farm.worker import warm_up

        warm_up()
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        file, line = (getattr(error, "filename", None), getattr(error, "lineno", None))
        where = f"{file}:{line}" if file and line else f"{place.filename}:{place.lineno}"
        broken.append(f"{where}: {type(error).__name__}: {getattr(error, 'msg', None) or error}")


def perform(job: str, *arguments: Any) -> Any:
    """Do a job of worker.py. Called in a worker."""
    try:
        import_manim()
    except UsageError as error:
        return Failure(str(error))
    if broken:
        return Failure(broken[0])
    from scenes.studio.farm import worker

    return getattr(worker, job)(*arguments)


def import_manim() -> None:
    """Import it. Raises :class:`UsageError` naming the manim.cfg that it may have stumbled over."""
    try:
        import manim  # noqa: F401
    except ImportError:
        raise
    except Exception as error:  # of its configuration: it reads the file while it is being imported
        own = Path("manim.cfg")
        told = " ".join(str(error).split()) or type(error).__name__
        raise UsageError(
            f"{own.resolve() if own.is_file() else 'manim.cfg'}: manim cannot read its configuration ({told[:200]}); "
            "mend or remove it"
        ) from None
