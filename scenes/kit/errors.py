"""What a user got wrong, told in one message; the command then ends with exit code 2 and no traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sim.sections.overrides import ParamsError
from sim.store import StoreError


class UsageError(ValueError):
    """A wrong choice of language, theme, format, chapter or narration; the text says what is allowed."""


class MissingRecordsError(Exception):
    """Records that are to be computed first, by somebody else."""

    def __init__(self, experiment: str, wanted: Sequence[Any]) -> None:
        super().__init__(f"{len(wanted)} records of {experiment} are missing")
        self.experiment, self.wanted = experiment, wanted


def choose(source: str, value: str, allowed: Iterable[str]) -> str:
    """``value`` if it is allowed. Raises :class:`UsageError` naming source, value and what is allowed."""
    allowed = tuple(allowed)
    if value not in allowed:
        raise UsageError(f"{source}: {value!r} is not known; allowed: {', '.join(allowed)}")
    return value


def disk_error(error: BaseException | None) -> OSError | None:
    """The operating system's error behind ``error``: encoders wrap a full disk in errors of their own."""
    while error is not None and not isinstance(error, OSError):
        error = error.__cause__
    return error


@contextmanager
def one_message() -> Iterator[None]:
    """Turn what a user can mend into one line on stderr and exit code 2, and Ctrl-C into 130."""
    try:
        yield
    except (ParamsError, StoreError, UsageError) as error:
        print(f"atajos: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except (OSError, RuntimeError) as error:
        cause = disk_error(error)
        if cause is None or isinstance(cause, ModuleNotFoundError):
            raise
        place = f"{cause.filename}: " if cause.filename else ""
        print(f"atajos: cannot write or read a file: {place}{cause.strerror or cause}", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("atajos: interrupted; what was finished is kept, the same command goes on from there", file=sys.stderr)
        raise SystemExit(130) from None
