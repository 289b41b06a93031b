"""Who hears an announcement, and who of those that are meant does not: one person at a time, with the reason.

The database asks the same of a million people at once (`ledger/audience_sql.py`); a test holds that both agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Literal, get_args

from checklists.audience_rule import Rule, Test
from checklists.subscriber import Subscriber, number_of, text_of
from checklists.value import Value

Reason = Literal[
    "", "unconfirmed", "unsubscribed", "bounced", "blocked", "paused", "topic", "change-type", "channel", "digest"
]
"""Why somebody who is meant gets nothing now; empty for those who do. `digest`: they hear of it later."""
REASONS: tuple[Reason, ...] = get_args(Reason)


class Selection(Value):
    """What decides who is meant: the rule and the topics; and who of them gets it: all else.

    `topics` are those whose subscribers are meant; no topics, no rule: nobody is. `about` is all that the message is
    about, which people may have given up; `types` what kinds of change it brings. `urgent` waits for no digest.
    Who is `named` was chosen by the house, and need not have confirmed.
    """

    rule: Rule | None = None
    topics: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    channel: str = "email"
    urgent: bool = False
    named: bool = False


def is_meant(selection: Selection, who: Subscriber) -> bool:
    """Whether the rule holds, and they subscribe, or once did, to one of the topics."""
    if selection.rule is None and not selection.topics:
        return False
    known = not selection.topics or bool((who.topics | who.refused).intersection(selection.topics))
    return known and (selection.rule is None or holds(selection.rule, who))


def reason(selection: Selection, who: Subscriber, now: datetime) -> Reason:
    """Why somebody who is meant gets nothing; the first that fits."""
    if who.state != "confirmed" and not (selection.named and who.state == "unconfirmed"):
        return who.state
    if who.paused_until is not None and who.paused_until > now:
        return "paused"
    if (selection.topics and not who.topics.intersection(selection.topics)) or has_given_up(selection.about, who):
        return "topic"
    if selection.types and who.change_types and not who.change_types.intersection(selection.types):
        return "change-type"
    if selection.channel not in who.channels:
        return "channel"
    return "digest" if who.pace != "immediate" and not selection.urgent else ""


def has_given_up(topics: Collection[str], who: Subscriber) -> bool:
    """Whether they left one of these, and follow none of them."""
    return bool(who.refused.intersection(topics)) and not who.topics.intersection(topics)


def holds(rule: Rule, who: Subscriber) -> bool:
    return next(misses(rule, who), None) is None


def misses(rule: Rule, who: Subscriber) -> Iterator[str]:
    """What of the rule does not hold of them, in words; nothing where all of it does."""
    for inner in rule.all_:
        yield from misses(inner, who)
    if rule.any_ and not any(holds(inner, who) for inner in rule.any_):
        yield f"none of these holds: {' or '.join(map(str, rule.any_))}"
    if rule.not_ is not None and holds(rule.not_, who):
        yield f"they are left out, because {rule.not_}"
    for name, test in rule.attributes.items():
        yield from _attribute(name, test, who)
    yield from _cohorts(rule, who)


def _attribute(name: str, test: Test, who: Subscriber) -> Iterator[str]:
    value = who.attributes.get(name)
    if value is None:
        if test.present is not False:
            yield f"{name} is not known of them"
    elif not _passes(test, text_of(value), number_of(value)):
        wanted = " and ".join(said.removeprefix("is ") for said in test.words())
        yield f"{name} is {value}; it has to be {wanted}"


def _passes(test: Test, text: str, number: float | None) -> bool:
    if test.present is False or (test.in_ and text not in test.in_):
        return False
    return all(number is not None and COMPARE[name](number, bound) for name, bound in test.bounds())


COMPARE = {
    "at_least": float.__ge__,
    "at_most": float.__le__,
    "above": float.__gt__,
    "below": float.__lt__,
}


def _cohorts(rule: Rule, who: Subscriber) -> Iterator[str]:
    if rule.topic and not who.topics.intersection(rule.topic):
        yield f"they subscribe to none of {', '.join(rule.topic)}"
    if rule.list_ and not who.lists.intersection(rule.list_):
        yield f"they are on none of the lists {', '.join(rule.list_)}"
    if rule.domain and not any(_is_below(who.domain, domain) for domain in rule.domain):
        yield f"their address is not at {' or '.join(rule.domain)}"
    if rule.locale and not any(who.locale == one or who.locale.startswith(f"{one}-") for one in rule.locale):
        yield f"their language is {who.locale or 'not known'}, not {' or '.join(rule.locale)}"


def _is_below(domain: str, upper: str) -> bool:
    return domain == upper or domain.endswith(f".{upper}")
