"""Tables that inherit: what several tables share is written once, in [network] and in [learner].

Every table that is a kind of Network inherits from [network], every table of networks that learn from [learner]: of the
keys that both have, those that it does not say itself. What counts is the first of these that is there:

    1. the key in the table itself, as the user set it (in a file, in ATAJOS_SET or by --set)
    2. the key in [network] or [learner], as the user set it: one place, and every table follows
    3. the key in the table itself, in default.toml
    4. the key in [network] or [learner], in default.toml

So `--set network.depth=32` makes every network 32 blocks deep, but for tables whose own depth the user set as well, and
leaves what is particular to a table (order = "pre" in [routes]) as it was. A table keeps a few keys to itself, without
which it would not be what it is: `Section.kept`.

Networks that learn do not inherit from [network]: what may be measured at initialisation, 56 blocks of tanh, cannot
always be trained, and would silently take minutes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from sim.sections.fields import Section
from sim.sections.overrides import Key, Layers, Tree


@dataclass(frozen=True)
class Heir:
    """A table that inherits. key: its own. base: of the table it inherits from. names: what both have."""

    key: Key
    base: str
    names: frozenset[str]


@functools.cache
def heirs(model: type[Section]) -> tuple[Heir, ...]:
    """All tables of a tree that inherit, however deep, in its order."""
    return tuple(
        Heir(
            key, kind.base, frozenset(_tables(model)[(kind.base,)].model_fields) & kind.model_fields.keys() - kind.kept
        )
        for key, kind in _tables(model).items()
        if kind.base and key != (kind.base,)
    )


def _tables(model: type[Section]) -> dict[Key, type[Section]]:
    def walk(inside: type[Section], prefix: Key) -> Iterator[tuple[Key, type[Section]]]:
        for name, field in inside.model_fields.items():
            kind = field.annotation
            if isinstance(kind, type) and issubclass(kind, Section):
                yield (*prefix, name), kind
                yield from walk(kind, (*prefix, name))

    return dict(walk(model, ()))


def inherit(layers: Layers, model: type[Section], defaults: str) -> dict[Key, Key]:
    """Fill the tables of `layers` in, in place. defaults: the source whose values are no one's wish.

    Returns, by the key of every value inherited, the key it was inherited from.
    """

    def wished(key: Key) -> bool:
        return layers.origin.get(key, defaults) != defaults

    given: dict[Key, Key] = {}
    for heir in heirs(model):
        table, base = _table(layers.tree, heir.key), layers.tree.get(heir.base)
        if table is None or not isinstance(base, dict):
            continue  # something else stands there, and will be refused
        for name in heir.names & base.keys():
            own, theirs = (*heir.key, name), (heir.base, name)
            if name not in table or (wished(theirs) and not wished(own)):
                table[name] = base[name]
                layers.origin[own] = layers.origin[theirs]
                given[own] = theirs
    return given


def wish_for_biases(layers: Layers, model: type[Section], defaults: str) -> None:
    """Who sets bias_std and says nothing of `bias` wants biases of that deviation: `bias` becomes "normal", in place.

    Call before :func:`inherit`, so that a wish in [network] is inherited whole.
    """
    for key, kind in _tables(model).items():
        std, form = (*key, "bias_std"), (*key, "bias")
        if {"bias", "bias_std"} <= kind.model_fields.keys() and layers.origin.get(std, defaults) != defaults:
            table = _table(layers.tree, key)
            if table is not None and layers.origin.get(form, defaults) == defaults:
                table["bias"] = "normal"
                layers.origin[form] = layers.origin[std]


def _table(tree: Tree, key: Key) -> Tree | None:
    """The table at a key, made if there is none; None if something else stands there or in its way."""
    node = tree
    for name in key:
        node = node.setdefault(name, {})
        if not isinstance(node, dict):
            return None
    return node
