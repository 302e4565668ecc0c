"""Chapters speak of shortcuts that hand on a copy; of others they refuse to speak, instead of saying what is not so."""

import pytest

from scenes.kit.errors import UsageError
from scenes.kit.telling.setting import refuse_shortcuts
from sim import params


@pytest.mark.parametrize(
    "key", ["profile.skip_scale=0.9", "routes.skip_scale=gate", "gradient_flow.bn.skip_scale=projection"]
)
def test_a_shortcut_that_hands_on_no_copy_is_refused_by_its_key(key: str) -> None:
    section = key.partition(".")[0]
    with pytest.raises(UsageError, match=key.partition("=")[0]):
        refuse_shortcuts(section, getattr(params.load(sets=[key], environ={}), section))
    refuse_shortcuts(section, getattr(params.load(environ={}), section))


def test_the_road_keeps_its_copies_whatever_all_networks_have() -> None:
    tree = params.load(sets=["network.skip_scale=0.9"], environ={})
    assert (tree.profile.skip_scale, tree.highway.skip_scale, tree.gains.skip_scale) == (0.9, 1.0, 1.0)
