from __future__ import annotations

from checklists.reach import NOT_MEANT, TOO_LATE, reach

STATES = {"accepted": 10, "delivered": 80, "bounced": 4, "dropped": 1, "unknown": 2, "rejected": 3, "suppressed": 5}


def test_everybody_who_was_meant_is_somewhere() -> None:
    settled = {"": 105, "unsubscribed": 20, "paused": 5, "bounced": 0}
    found = reach("email", STATES, {}, settled, {"unsubscribed": 1, TOO_LATE: 4})
    assert found.audience == 130
    assert found.excluded == {"paused": 5, "unsubscribed": 21, TOO_LATE: 4}
    assert found.left_out == 30
    somewhere = found.handed_over + found.unknown + found.refused + found.waiting + found.left_out
    assert somewhere == found.audience
    assert (found.handed_over, found.delivered, found.bounced, found.refused) == (95, 80, 5, 3)


def test_what_a_vendor_took_and_dropped_did_not_arrive_and_was_not_refused() -> None:
    found = reach("email", {"accepted": 7, "dropped": 2, "rejected": 1}, {}, {"": 10})
    assert (found.audience, found.handed_over, found.bounced, found.refused) == (10, 9, 2, 1)


def test_who_was_settled_anew_is_in_the_audience_beside_who_was_before() -> None:
    found = reach("email", {"accepted": 9, "suppressed": 2}, {}, {"": 10, "paused": 1}, {NOT_MEANT: 2})
    assert (found.audience, found.handed_over, found.excluded) == (12, 9, {NOT_MEANT: 2, "paused": 1})


def test_what_was_told_stands_beside_what_is_known() -> None:
    found = reach("email", STATES, {"clicked": 12, "opened": 40, "unsubscribed": 1, "complained": 2}, None, left=3)
    assert (found.clicked, found.opened, found.unsubscribed, found.complained) == (12, 40, 4, 2)
    assert found.share(found.clicked) == "12.6 %"


def test_nothing_has_left_yet() -> None:
    found = reach("email", {"planned": 7, "writing": 1}, {}, None)
    assert (found.audience, found.waiting, found.handed_over, found.share(3)) == (8, 8, 0, "")
    assert reach("email", {}, {}, None).audience == 0
