"""Why parameters are refused: one line for each mistake, with its source, its key, what was given, what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sim.sections.fields import Section
from sim.sections.inherit import Heir, heirs
from sim.sections.overrides import Key, Layers, dotted, shown


@dataclass(frozen=True)
class Refusal:
    """What is needed to explain the mistakes in a tree.

    model: of the whole tree. layers: what was read. given: by the key of a value inherited, that it was inherited from.
    defaults: the source whose values are nobody's mistake.
    """

    model: type[Section]
    layers: Layers
    given: Mapping[Key, Key]
    defaults: str

    def lines(self, errors: ValidationError) -> list[str]:
        """One line for each mistake."""
        found = errors.errors()
        places = [item["loc"] for item in found]
        # A list with a wrong entry counts as too short besides; the entry's own line says it better.
        found = [
            item
            for item in found
            if item["type"] != "too_short" or not any(place[:-1] == item["loc"] for place in places if place)
        ]
        misfits = {_names(item["loc"]) for item in found if _is_misfit(item)}
        return [self._line(item) for item in found if not self._is_told_at_its_base(item, misfits)]

    def _is_told_at_its_base(self, error: Any, misfits: set[Key]) -> bool:
        """Whether a mistake is that of the table inherited from, which has a line of its own."""
        names = _names(error["loc"])
        for heir in heirs(self.model):
            if names == heir.key and _is_misfit(error):
                return (heir.base,) in misfits and not self._has_wishes(heir)
            if names[:-1] == heir.key and names[-1] in heir.names:
                return names in self.given or error["type"] == "missing"
        return False

    def _has_wishes(self, heir: Heir) -> bool:
        """Whether the user set a key of this very table."""
        own = (key for key in self.layers.origin if key[:-1] == heir.key and key not in self.given)
        return any(self.layers.origin[key] != self.defaults for key in own)

    def _line(self, error: Any) -> str:
        location: tuple[str | int, ...] = error["loc"]
        names, key = _names(location), dotted(location)
        source = self.layers.source_of(names)
        if error["type"] == "extra_forbidden":
            return f"{source}: {key} = {shown(error['input'])}: unknown key; {self._suggestion(names)}"
        if error["type"] == "missing":
            return f"{source}: {key}: missing; {self._allowed(names)}"
        if _is_misfit(error):
            return self._misfit(names, str(error["ctx"]["error"]), source)
        allowed = self._allowed(names, entry=isinstance(location[-1], int))
        return f"{source}: {key} = {shown(error['input'])}: {allowed}"

    def _misfit(self, table: Key, message: str, source: str) -> str:
        """Values that do not fit together: where those among them came from that are not the defaults."""
        words = [(*table, word) for word in message.replace(",", " ").split()]
        wished = [key for key in dict.fromkeys(words) if self.layers.origin.get(key, self.defaults) != self.defaults]
        sources = dict.fromkeys(self.layers.origin[key] for key in wished)
        inherited = [f"{key[-1]} is that of [{dotted(self.given[key][:-1])}]" for key in wished if key in self.given]
        told = f" ({'; '.join(inherited)})" if inherited else ""
        return f"{', '.join(sources) or source}: {dotted(table)}: {message}{told}"

    def _allowed(self, names: Key, entry: bool = False) -> str:
        """What may stand at a key, or as an entry of its list, from the model's own field."""
        field = self._table(names[:-1]).model_fields[names[-1]]
        if entry:
            described = get_args(field.annotation)[0].__metadata__
            return f"must be {next(item.description for item in described if getattr(item, 'description', None))}"
        if field.description:
            return f"must be {field.description}"
        kind: Any = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return f"must be a table with the keys {', '.join(kind.model_fields)}"
        return f"must be one of {', '.join(shown(value) for value in kind.__args__)}"

    def _suggestion(self, names: Key) -> str:
        """The known key that an unknown one most resembles, or else the keys there are."""
        here = self._table(names[:-1]).model_fields
        near = [(*names[:-1], name) for name in difflib.get_close_matches(names[-1], here, n=1)]
        bases = {heir.base for heir in heirs(self.model)}  # of all tables the last that one would mean
        near += [key for key in _keys(self.model) if key[-1] == names[-1] and key[0] not in bases]
        return f"did you mean {dotted(near[0])}?" if near else f"allowed here: {', '.join(here)}"

    def _table(self, key: Key) -> type[BaseModel]:
        table: Any = self.model
        for name in key:
            table = table.model_fields[name].annotation
        kind: type[BaseModel] = table
        return kind


def _names(location: tuple[str | int, ...]) -> Key:
    return tuple(part for part in location if isinstance(part, str))


def _is_misfit(error: Any) -> bool:
    """Whether it is about a whole table, whose values do not fit together."""
    return isinstance(error["input"], Section) or (error["type"] == "value_error" and isinstance(error["input"], dict))


def _keys(model: type[BaseModel], prefix: Key = ()) -> Iterator[Key]:
    for name, field in model.model_fields.items():
        yield (*prefix, name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _keys(field.annotation, (*prefix, name))
