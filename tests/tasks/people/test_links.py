"""Personal links: what they are bound to, how long they hold, and everything that is none."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from checklists.commands import TMINUS, Abandon, Sign
from checklists.decide import Refusal
from checklists.entries import Content, Retagged
from checklists.launch import Launch
from ledger.links import Link
from tasks.act import act
from tasks.advance import record
from tasks.people.links import address_of, make_links, mark_used, read_link, standing, token_of
from tests.checklists.launches import ADA, BEN, CAT, DAN, EVE, sign
from tests.tasks.people.mailed import QA, asked, mailed, with_settings
from tests.tasks.worlds import Place

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_everybody_has_a_link_of_their_own_that_says_nothing(at: Place) -> None:
    launch, links = mailed(at)
    addresses = {address_of(at.world, link) for link in links.values()}
    assert len(addresses) == len(QA)
    for address in addresses:
        assert address.startswith("http://127.0.0.1:4280/sign/")
        assert not any(word in address for word in ("acme", "example", launch.id))


def test_a_link_leads_to_what_it_was_made_for(at: Place) -> None:
    launch, links = mailed(at)
    found = read_link(at.world, token_of(at.world, links[BEN.email]))
    assert found == links[BEN.email]
    assert (found.launch_id, found.item, found.round, found.person) == (launch.id, "qa", 1, BEN.email)
    assert standing(at.world, found, launch) == ""


def test_made_again_it_is_the_same_link(at: Place) -> None:
    launch, links = mailed(at)
    at.clock.wait(timedelta(days=3))
    assert make_links(at.world, launch, "qa", (BEN.email.upper(), BEN.email)) == (links[BEN.email],) * 2


def test_a_newer_mailing_makes_it_as_good_as_new(at: Place) -> None:
    launch, links = mailed(at)
    mark_used(at.world, links[BEN.email])
    at.clock.wait(timedelta(days=3))
    (again,) = make_links(at.world, asked(at, launch), "qa", (BEN.email,))
    assert token_of(at.world, again) == token_of(at.world, links[BEN.email])
    assert (again.mailing, again.used_at) == (links[BEN.email].mailing + 1, None)
    assert again.expires_at == links[BEN.email].expires_at + timedelta(days=3)


def bound(at: Place, launch: Launch, link: Link, **changes: object) -> str:
    """The token of a link whose row says something else than it was made for."""
    at.world.ledger.links.keep([replace(link, **changes, id="0" * 32)])  # type: ignore[arg-type]
    return token_of(at.world, replace(link, id="0" * 32))


@pytest.mark.parametrize(
    "changes",
    [{"item": "go"}, {"round": 2}, {"person": EVE.email}, {"content": "another"}, {"launch_id": "acme-9.9.9"}],
    ids=str,
)
def test_a_row_that_was_changed_by_hand_opens_nothing(at: Place, changes: dict[str, object]) -> None:
    """Whoever may write to the database only cannot make links out of others."""
    launch, links = mailed(at)
    assert read_link(at.world, bound(at, launch, links[BEN.email], **changes)) is None


def test_each_of_the_five_makes_another_token(at: Place) -> None:
    launch, links = mailed(at)
    other = at.begun("2.5.0")
    moved = record(at.world, launch, (Retagged(commit="b" * 40, difference={}),))
    tokens = [token_of(at.world, links[BEN.email]), token_of(at.world, links[ADA.email])]
    for where, item in ((launch, "go"), (launch, "docs"), (other, "qa"), (moved, "qa")):
        (link,) = make_links(at.world, where, item, (BEN.email,))
        tokens.append(token_of(at.world, link))
    second = act(at.world, launch.id, sign(CAT, "qa", "request-changes"))
    assert isinstance(second, Launch)
    (link,) = make_links(at.world, second, "qa", (BEN.email,))
    tokens.append(token_of(at.world, link))
    # Moving the commit changes nothing for a gate that is bound to nothing.
    assert len(set(tokens)) == len(tokens) - 1


def altered(token: str) -> list[str]:
    """Every token that differs from this one in a single letter, is cut off, or has one too many."""
    one_off = [token[:i] + letter + token[i + 1 :] for i in range(len(token)) for letter in LETTERS]
    cut = [token[:length] for length in range(len(token))]
    return [other for other in (*one_off, *cut, token + "A", f"{token}=", f" {token}", token[::-1]) if other != token]


def test_no_altered_or_truncated_token_is_taken(at: Place) -> None:
    _, links = mailed(at)
    token = token_of(at.world, links[BEN.email])
    wrong = altered(token)
    assert len(wrong) > 43 * 60
    assert [other for other in wrong if read_link(at.world, other) is not None] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.one_of(st.text(max_size=60), st.text(LETTERS, min_size=43, max_size=43), st.text("\0 é/+=%", max_size=50)))
def test_nothing_that_was_not_made_here_is_taken(at: Place, text: str) -> None:
    assert read_link(at.world, text) is None


def test_what_is_not_ours_is_never_looked_up(at: Place) -> None:
    _, links = mailed(at)
    token = token_of(at.world, links[BEN.email])
    at.ledger.dispose()
    elsewhere = with_settings(at.world, home=at.world.settings.home)
    object.__setattr__(elsewhere, "ledger", None)
    assert [other for other in altered(token) if read_link(elsewhere, other) is not None] == []


def test_another_secret_key_makes_all_of_them_void(at: Place) -> None:
    _, links = mailed(at)
    other = with_settings(at.world, secret_key=SecretStr("k" * 32))
    other.settings.__dict__.pop("link_secret", None)
    assert read_link(other, token_of(at.world, links[BEN.email])) is None
    assert read_link(at.world, token_of(other, links[BEN.email])) is None


def test_the_key_is_kept_for_nobody_else_and_is_shown_nowhere(at: Place) -> None:
    _, links = mailed(at)
    file = at.world.settings.home / "secret-key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secret, token = file.read_text(), token_of(at.world, links[BEN.email])
    shown = repr(at.world.settings) + repr(at.world) + repr(links)
    assert secret not in shown
    assert token not in shown


def test_after_its_days_it_opens_nothing_and_a_clock_set_back_does_not_revive_it(at: Place) -> None:
    launch, links = mailed(at)
    link = links[BEN.email]
    at.clock.wait(timedelta(days=14) - timedelta(seconds=1))
    assert standing(at.world, link, launch) == ""
    at.clock.wait(timedelta(seconds=1))
    said = standing(at.world, link, launch)
    assert said.startswith("this expired on 07 Dec 2026")
    assert "`tminus ask acme-2.4.0 qa` mails a new one" in said
    act(at.world, launch.id, sign(ADA, "qa"))
    at.clock.wait(-timedelta(days=10))
    assert standing(at.world, link, at.launch(launch.id)) == said


def test_it_works_once(at: Place) -> None:
    launch, links = mailed(at)
    mark_used(at.world, links[BEN.email])
    found = read_link(at.world, token_of(at.world, links[BEN.email]))
    assert found
    assert standing(at.world, found, launch) == (
        "your link and code for qa were used on 23 Nov 2026 10:00 UTC; they work once"
    )


def test_the_first_use_stands(at: Place) -> None:
    _, links = mailed(at)
    first = at.clock()
    for _ in range(2):
        mark_used(at.world, links[BEN.email])
        at.clock.wait(timedelta(hours=1))
    found = at.world.ledger.links.find(links[BEN.email].id)
    assert found
    assert found.used_at == first


def test_a_round_that_is_over_is_over_for_its_links(at: Place) -> None:
    launch, links = mailed(at)
    act(at.world, launch.id, sign(CAT, "qa", "request-changes"))
    said = standing(at.world, links[BEN.email], at.launch(launch.id))
    assert said.startswith("round 1 of qa is over; it is in round 2 now")


def test_an_item_that_has_ended_takes_no_more(at: Place) -> None:
    launch, links = mailed(at, "docs", (DAN.email,))
    act(at.world, launch.id, sign(DAN, "docs"))
    assert standing(at.world, links[DAN.email], at.launch(launch.id)).startswith("docs is passed already")


def test_a_launch_that_is_over_takes_no_more(at: Place) -> None:
    launch, links = mailed(at)
    act(at.world, launch.id, Abandon(by=TMINUS, reason="another time"))
    said = standing(at.world, links[BEN.email], at.launch(launch.id))
    assert said == "acme 2.4.0 is abandoned; nothing can be signed any more"


def test_what_waits_takes_nothing_yet(at: Place) -> None:
    launch, links = mailed(at, "go", (EVE.email,))
    assert standing(at.world, links[EVE.email], launch).startswith("go waits for qa, links, training, guide")


def test_what_is_another_thing_now_is_not_signed_with_an_old_link(at: Place) -> None:
    launch, links = mailed(at)
    changed = replace(links[BEN.email], content="a" * 64)
    assert "has changed since this was mailed" in standing(at.world, changed, launch)


def test_a_link_of_another_launch_says_nothing_here(at: Place) -> None:
    _, links = mailed(at)
    assert standing(at.world, links[BEN.email], at.begun("2.5.0")) == "this link leads to nothing that is here"


def test_an_approver_who_has_lost_the_role_since_the_mail_is_told_and_not_counted(at: Place) -> None:
    launch, links = mailed(at)
    file = at.world.settings.home / "organisation.yaml"
    file.write_text(file.read_text().replace("{name: Ada, roles: [qa]}", "{name: Ada, roles: [docs]}"))
    link = links[ADA.email]
    assert standing(at.world, link, launch) == "you do not hold a role any more that qa asks for"
    said = act(at.world, launch.id, Sign(by=at.world.person(ADA.email), item="qa", decision="approve", via="link"))
    assert isinstance(said, Refusal)
    assert at.launch(launch.id).items["qa"].signatures == ()


def test_somebody_who_has_left_is_told(at: Place) -> None:
    launch, links = mailed(at)
    file = at.world.settings.home / "organisation.yaml"
    file.write_text("\n".join(line for line in file.read_text().splitlines() if "ada@" not in line))
    assert standing(at.world, links[ADA.email], launch) == "you are not a person of this organisation any more"


def test_contents_that_were_told_bind_links(at: Place) -> None:
    launch, _ = mailed(at)
    told = record(at.world, launch, (Content(item="tell", round=1, sha256="a" * 64),))
    (link,) = make_links(at.world, told, "qa", (BEN.email,))
    assert link.content == told.bound_content("qa")
