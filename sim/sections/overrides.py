"""Layers of parameters (a TOML file, ATAJOS_SET, --set) read into trees, each value remembering where it came from."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any

Key = tuple[str, ...]
Tree = dict[str, Any]

# A bare word may carry anything but TOML's own punctuation: `gain=he`, `branch_scale=1/sqrt(depth)`.
BARE_WORD = re.compile(r"""[A-Za-z0-9_][^\s"'\[\]{}=,#]*""")

LARGEST, DEEPEST, LONGEST = 1_000_000, 50, 200  # bytes of a file, levels of tables, characters of a key


class ParamsError(ValueError):
    """Parameters that cannot be used. The message has one line per error, all errors at once."""


@dataclass
class Layers:
    """Trees laid one over the other.

    `tree` is the merged result, `origin` says for every value (by its key) which layer gave it, `errors` collects
    what could not be read at all.
    """

    tree: Tree = field(default_factory=dict)
    origin: dict[Key, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def add_file(self, path: Path) -> None:
        """Lay a TOML file over what is there."""
        try:
            text = _content(path).decode("utf-8-sig")
            tree = tomllib.loads(text)
            _measure(tree)
        except UnicodeDecodeError as error:
            self.errors.append(f"{path}: not UTF-8 text (byte {error.start}); save the file as UTF-8")
        except tomllib.TOMLDecodeError as error:
            self.errors.append(f"{path}: TOML syntax error: {shortened(str(error))}")
        except RecursionError:
            self.errors.append(f"{path}: tables or lists are nested too deeply; parameters have three levels at most")
        except IsADirectoryError:
            self.errors.append(f"{path}: is a directory; give a TOML file")
        except FileNotFoundError:
            self.errors.append(f"{path}: no such file; give a TOML file that exists")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.errors.append(f"{path}: cannot be read ({reason}); give a readable TOML file")
        else:
            self.add_tree(tree, str(path))

    def add_settings(
        self,
        settings: Iterable[str],
        source: str,
        section: str | None,
        sections: Iterable[str],
        own: Mapping[str, bool] | None = None,
    ) -> None:
        """Lay `dotted.key=value` settings over what is there.

        A key that does not begin with one of `sections` is taken relative to `section`, if there is one. So is one that
        can only be meant so: `own` says which keys the section has, and whether each is a table. (profiles has gains,
        which is a list, and a network; there are sections of these names.)
        """
        known, within = tuple(sections), own or {}
        for setting in settings:
            name, equals, text = setting.partition("=")
            key = tuple(part.strip() for part in name.split("."))
            if not equals or not all(key):
                self.errors.append(
                    f"{source}: {setting.strip()!r}: write it as key=value, for example profile.depth=56"
                )
                continue
            if section is not None and (
                key[0] not in known or (key[0] in within and (len(key) == 1 or within[key[0]]))
            ):
                key = (section, *key)
            try:
                value = toml_value(text)
            except ValueError:
                self.errors.append(
                    f"{source}: {dotted(key)} = {text.strip()}: not a value; write a number, a word, "
                    'a "string in quotes" or a [list]'
                )
                continue
            self._set(key, value, source)

    def add_tree(self, tree: Mapping[str, Any], source: str, prefix: Key = ()) -> None:
        """Lay a tree over what is there, value by value."""
        for name, value in tree.items():
            key = (*prefix, name)
            if isinstance(value, Mapping) and value:
                self.add_tree(value, source, key)
            else:
                self._set(key, value, source)

    def _set(self, key: Key, value: Any, source: str) -> None:
        node = self.tree
        for place, name in enumerate(key[:-1], start=1):
            child = node.get(name)
            if not isinstance(child, dict):
                if name in node:  # a value, in whose place there is a table now
                    self.origin[key[:place]] = source
                child = node[name] = {}
            node = child
        if isinstance(value, dict):
            # `[profile]` with nothing in it, or an inline table, merges instead of wiping the defaults out.
            existing = node.setdefault(key[-1], {})
            if isinstance(existing, dict):
                self.origin[key] = source
                self.add_tree({name: item for name, item in value.items() if item != {}}, source, key)
                return
        node[key[-1]] = value
        self.origin[key] = source

    def source_of(self, key: Key) -> str:
        """Where the value at `key` came from: its own layer, else one that touched what is in it or around it."""
        if key in self.origin:
            return self.origin[key]
        inside = [source for other, source in self.origin.items() if other[: len(key)] == key]
        if inside:
            return inside[-1]
        around = [key[:n] for n in range(len(key) - 1, 0, -1) if key[:n] in self.origin]
        return self.origin[around[0]] if around else "parameters"


def _content(path: Path) -> bytes:
    """A file's bytes. Raises ValueError for what is no file that could hold parameters: it might never end."""
    stat = path.stat()
    if S_ISDIR(stat.st_mode):
        raise IsADirectoryError
    if not S_ISREG(stat.st_mode):
        raise ValueError("it is a device or a pipe")
    if stat.st_size > LARGEST:
        raise ValueError(f"it has {stat.st_size / 1e6:.0f} MB")
    return path.read_bytes()


def _measure(tree: Mapping[str, Any], level: int = 1) -> None:
    """Raises RecursionError, or ValueError for a key that no message could show."""
    if level > DEEPEST:
        raise RecursionError
    for name, value in tree.items():
        if len(name) > LONGEST:
            raise ValueError(f"the key {shortened(name)} has {len(name)} characters")
        if isinstance(value, Mapping):
            _measure(value, level + 1)


def shortened(text: str) -> str:
    """A text, cut where a message would be too long for it."""
    return text if len(text) <= 200 else text[:120] + "…"


def toml_value(text: str) -> Any:
    """The value that `text` writes in TOML; a bare word is a string.

    Raises ValueError if it is neither.
    """
    text = text.strip()
    try:
        tree = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        if BARE_WORD.fullmatch(text):
            return text
        raise
    if len(tree) != 1:
        raise ValueError("more than one value")
    return tree["value"]


def dotted(key: Iterable[str | int]) -> str:
    """`gradient_flow.depths[2]` from ("gradient_flow", "depths", 2)."""
    out = ""
    for part in key:
        out += f"[{part}]" if isinstance(part, int) else f".{part}" if out else part
    return out


def shown(value: Any) -> str:
    """A value as one would write it in TOML, cut to a readable length."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
