"""Everything wrong with checklist and organisation files, and with what an organisation can do of a checklist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from checklists.audiences import BOTH, closed_ways, is_in_both, known_to
from checklists.checklist import Checklist, unknown
from checklists.checks import CommandCheck
from checklists.errors import Finding, InvalidFile
from checklists.files.audiences import unknown_topics
from checklists.files.load import LIBRARY, LoadedChecklist, load_checklist, names
from checklists.files.organisation_file import organisation_of
from checklists.files.reader import Node, Trail, near, read
from checklists.items import Announce, Gate, Item, Training, quorum
from checklists.organisation import Organisation
from checklists.quorum import QuorumLine, missing, spelled_out
from checklists.reminding import Ladder

Problems = Iterator[tuple[Trail, str]]


def validate(
    files: Sequence[Path] = (), folders: Sequence[Path] = (LIBRARY,), organisation: Path | None = None
) -> tuple[Finding, ...]:
    """Every finding in these files, or in all checklists of the folders and the organisation file where none is named.

    Checklists are also checked against the organisation: one of the named files, else the one given.
    """
    named = files or (*names(folders).values(), *([organisation] if organisation else []))
    findings: list[Finding] = []
    sources = {file: node for file in named if (node := _read(file, findings))}
    ours = [file for file, node in sources.items() if "organisation" in node.fields]
    known = _organisation([*ours, *([organisation] if organisation and not ours else [])], folders, findings)
    for file, node in sources.items():
        if "organisation" not in node.fields:
            _checklist(file, folders, known, findings)
    return tuple(dict.fromkeys(findings))


def _read(file: Path, findings: list[Finding]) -> Node | None:
    try:
        return read(file)
    except InvalidFile as invalid:
        findings += invalid.findings
        return None


def _organisation(files: Sequence[Path], folders: Sequence[Path], findings: list[Finding]) -> Organisation | None:
    known = None
    for file in files:
        try:
            source = read(file)
            known = organisation_of(source)
            findings += (*_unknown_checklists(source, known, folders), *_no_waivers(source, known))
        except InvalidFile as invalid:
            findings += invalid.findings
    return known


def _checklist(file: Path, folders: Sequence[Path], known: Organisation | None, findings: list[Finding]) -> None:
    try:
        loaded = load_checklist(file, folders)
    except InvalidFile as invalid:
        findings += invalid.findings
        return
    findings += _absent_commands(loaded)
    findings += check_against(loaded, known) if known else ()


def _unknown_checklists(source: Node, organisation: Organisation, folders: Sequence[Path]) -> Iterator[Finding]:
    """Products that would start a checklist nobody has."""
    known = names(folders)
    for key, product in organisation.products.items():
        for step, name in product.checklists.model_dump().items():
            if name != "ignore" and name not in known:
                trail = ("products", key, "checklists", step)
                yield source.at(trail).wrong(trail, unknown(name, list(known), "checklist"))


def _no_waivers(source: Node, organisation: Organisation) -> Iterator[Finding]:
    """A role that is named to waive, and that nobody holds; unsaid it is that of those who run launches."""
    roles = _roles(organisation)
    if "waivers" in source.fields and organisation.waivers not in roles:
        yield source.fields["waivers"].wrong(("waivers",), _nobody(organisation.waivers, roles))


def _absent_commands(loaded: LoadedChecklist) -> Iterator[Finding]:
    for key, item in loaded.checklist.items.items():
        if isinstance(item, CommandCheck):
            program = (loaded.folder / item.with_.run[0]).resolve()
            if not (program.is_file() and program.is_relative_to(loaded.folder.resolve())):
                trail = ("items", key, "with", "run")
                problem = f'no program is called "{item.with_.run[0]}" in {near(loaded.folder)}; it has to lie there'
                yield loaded.source.at(trail).wrong(trail, problem)


def check_against(loaded: LoadedChecklist, organisation: Organisation) -> tuple[Finding, ...]:
    """What this organisation cannot do of the checklist: quorums nobody can meet, unknown audiences and channels."""
    checklist = loaded.checklist
    whole = (*_untold(checklist.escalate, organisation), *_unmeant(checklist, organisation))
    items = (
        (("items", key, *inner), problem)
        for key, item in checklist.items.items()
        for inner, problem in (*_impossible(item, organisation, checklist), *_signed_in_vain(key, item, checklist))
    )
    found = (loaded.source.at(trail).wrong(trail, problem) for trail, problem in (*whole, *items))
    return (*found, *unknown_topics(loaded.source, organisation))


def _impossible(item: Item, organisation: Organisation, checklist: Checklist) -> Problems:
    yield from _unowned(item, organisation)
    yield from _unmet(item, organisation)
    yield from _untold(item.escalate or (), organisation)
    yield from _unheard(item, organisation, checklist)


def _unmeant(checklist: Checklist, organisation: Organisation) -> Problems:
    """Audiences of its own that could be others, and roles in them that nobody has."""
    roles = _roles(organisation)
    for name, audience in checklist.audiences.items():
        if is_in_both(name, organisation, checklist):
            yield ("audiences", name), BOTH
        for index, role in enumerate(audience.roles):
            if role not in roles:
                yield ("audiences", name, "roles", index), _nobody(role, roles)


def _unowned(item: Item, organisation: Organisation) -> Problems:
    roles = _roles(organisation)
    if item.owner and item.owner not in roles:
        yield ("owner",), _nobody(item.owner, roles)


def _signed_in_vain(key: str, item: Item, checklist: Checklist) -> Problems:
    """A gate that signs an announcement which leaves whatever the gate says."""
    signs = item.bound_to.item if isinstance(item, Gate) and item.bound_to else None
    if signs is None or not isinstance(checklist.items[signs], Announce):
        return
    if key not in checklist.before(signs) and signs not in checklist.before(key):
        yield ("bound-to",), f'"{signs}" does not wait for this gate, which signs it; add "{key}" to its needs'


def _unmet(item: Item, organisation: Organisation) -> Problems:
    """Roles and people nobody knows, and lines that stay open although everybody signs: one person fills one place."""
    directory, lines = organisation.directory(), quorum(item)
    strange = [_strange(line, organisation) for line in lines]
    for index, problem in enumerate(strange):
        if problem:
            yield _sign(item, index), f'nobody can meet "{lines[index]}": {problem}'
    known = [line for line, problem in zip(lines, strange, strict=True) if not problem]
    spelled = spelled_out(known, directory.rosters(role for line in known for role in line.roles))
    if open_ := missing(spelled, {one.email: one.held for one in directory.members}):
        yield (
            _sign(item, None),
            f'"{", ".join(open_)}" stays open when one person fills one place; give the role to more people',
        )


def _strange(line: QuorumLine, organisation: Organisation) -> str:
    """A role nobody has, or a person nobody knows."""
    roles = _roles(organisation)
    nobody = (_nobody(role, roles) for role in line.roles if role not in roles)
    people = list(organisation.people)
    strangers = (unknown(who, people, "person") for who in line.people if who not in people)
    return next(iter((*nobody, *strangers)), "")


def _untold(ladder: Ladder, organisation: Organisation) -> Problems:
    """Steps of the ladder that lead to nobody."""
    roles = _roles(organisation)
    for index, step in enumerate(ladder):
        if step.role not in roles:
            yield ("escalate", index), _nobody(step.role, roles)


def _roles(organisation: Organisation) -> list[str]:
    return sorted({role for person in organisation.people.values() for role in person.roles})


def _sign(item: Item, index: int | None) -> Trail:
    if isinstance(item, Training) and not item.sign:
        return "training", "audience"
    return ("sign",) if index is None else ("sign", index)


def _nobody(role: str, roles: list[str]) -> str:
    likely = get_close_matches(role, roles, n=1)
    hint = f', or did you mean "{likely[0]}"?' if likely else ""
    return f'nobody in the organisation has the role "{role}"; give it to somebody{hint}'


def _unheard(item: Item, organisation: Organisation, checklist: Checklist) -> Problems:
    if not isinstance(item, Announce):
        return
    known = known_to(organisation, checklist)
    if item.announce.audience not in known:
        yield ("announce", "audience"), unknown(item.announce.audience, known, "audience")
    for index, problem in closed_ways(item.announce, organisation, checklist):
        yield ("announce", "channels", index), problem
