from __future__ import annotations

from web.people.showing import zones


def test_towns_stand_where_their_readers_look_for_them() -> None:
    """An accent or a small letter does not send a town behind Z."""
    atlantic = [town for one in zones("", "fr") if one["region"] == "Atlantic" for _, town in one["zones"]]
    assert atlantic[0] == "Açores"
    assert atlantic.index("Îles Canaries") < atlantic.index("Madère")
