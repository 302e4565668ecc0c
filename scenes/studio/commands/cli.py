"""Where `atajos` begins and how it ends. What it needs is imported by `main`, so that a Ctrl-C in the first moments is
heard as one: nothing here takes time."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Entry point. Exit codes: 0, 2 for what the user can mend (one message), 130 for Ctrl-C, SIGTERM and SIGHUP."""
    try:
        for name in ("SIGTERM", "SIGHUP"):  # who ends it otherwise leaves no more behind
            if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) == signal.SIG_DFL:
                signal.signal(getattr(signal, name), _interrupt)
        code = _perform()
    except KeyboardInterrupt:
        print("atajos: interrupted; what was finished is kept, the same command goes on from there", file=sys.stderr)
        code = 130
    raise SystemExit(code)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _perform() -> int:
    """Do what the command line says. Returns the exit code; SystemExit and KeyboardInterrupt go through."""
    import click

    from scenes.kit.errors import one_message
    from scenes.studio.commands.group import atajos
    from sim.work.streams import speak_anyhow

    speak_anyhow()
    with one_message():
        try:
            return int(atajos.main(standalone_mode=False) or 0)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
        except click.ClickException as error:
            print(f"atajos: {error.format_message()}; see atajos --help", file=sys.stderr)
        except click.Abort:
            raise KeyboardInterrupt from None
        return 2
