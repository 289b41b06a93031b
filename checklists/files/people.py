"""What is wrong with the people of an organisation file: names that two share, delegates that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from checklists.checklist import unknown
from checklists.errors import Finding
from checklists.files.reader import Node, Trail, spoken
from checklists.organisation import Organisation
from checklists.people import Delegation
from checklists.rules.delegating import objection


def twins(source: Node) -> Iterator[Finding]:
    """Addresses that differ in upper and lower case only: one person is one key."""
    seen: dict[str, str] = {}
    people = _people(source)
    for address, node in people.items():
        first = seen.setdefault(address.lower(), address)
        if first != address:
            problem = f'this is the address "{first}" of line {people[first].line} again; remove one of the two'
            yield node.wrong(("people", address), problem)


def confusions(source: Node, organisation: Organisation) -> Iterator[Finding]:
    """What makes it unclear who somebody is, or who signs for whom."""
    yield from _shared_names(source)
    yield from _lost_delegates(source, organisation)


def _shared_names(source: Node) -> Iterator[Finding]:
    """A name in `also` that is somebody else's, too: their work and signatures could not be told apart."""
    people = _people(source)
    owners = {address.lower(): (address, node.line) for address, node in people.items()}
    for address, node in people.items():
        also = node.fields.get("also")
        for index, alias in enumerate(also.entries if also else ()):
            name = str(alias.plain).lower()
            owner, line = owners.setdefault(name, (address, alias.line))
            if owner != address:
                problem = f'"{spoken(name)}" is a name of {spoken(owner)}, too (line {line}); leave it to one of them'
                yield alias.wrong(("people", address, "also", index), problem)


def _lost_delegates(source: Node, organisation: Organisation) -> Iterator[Finding]:
    """Delegates nobody knows, circles, and chains of more than two steps."""
    delegations = organisation.directory().delegations
    for address, node in _people(source).items():
        for index, one in enumerate(organisation.people[address.lower()].absences):
            if one.delegate is None:
                continue
            trail: Trail = ("people", address, "absences", index, "delegate")
            new = Delegation(address.lower(), one.delegate, one.from_, one.to)
            problem = _unknown(one.delegate, organisation) or objection(new, delegations)
            if problem:
                yield node.at(trail[2:]).wrong(trail, problem)


def _unknown(delegate: str, organisation: Organisation) -> str:
    return "" if delegate in organisation.people else unknown(spoken(delegate), list(organisation.people), "person")


def _people(source: Node) -> dict[str, Node]:
    return source.fields["people"].fields if "people" in source.fields else {}
