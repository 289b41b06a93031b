"""Everything wrong with checklist and organisation files, and with what an organisation can do of a checklist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from checklists.checklist import Checklist, unknown
from checklists.checks import CommandCheck
from checklists.errors import Finding, InvalidFile
from checklists.files.load import LIBRARY, LoadedChecklist, load_checklist, names
from checklists.files.organisation_file import organisation_of
from checklists.files.reader import Node, Trail, near, read
from checklists.items import Announce, Gate, Item, Training, quorum
from checklists.organisation import Organisation
from checklists.quorum import missing

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
            findings += _unknown_checklists(source, known, folders)
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
    return tuple(
        loaded.source.at(("items", key, *inner)).wrong(("items", key, *inner), problem)
        for key, item in loaded.checklist.items.items()
        for inner, problem in (
            *_unmet(item, organisation),
            *_unheard(item, organisation),
            *_signed_in_vain(key, item, loaded.checklist),
        )
    )


def _signed_in_vain(key: str, item: Item, checklist: Checklist) -> Problems:
    """A gate that signs an announcement which leaves whatever the gate says."""
    signs = item.bound_to.item if isinstance(item, Gate) and item.bound_to else None
    if signs is None or not isinstance(checklist.items[signs], Announce):
        return
    if key not in checklist.before(signs) and signs not in checklist.before(key):
        yield ("bound-to",), f'"{signs}" does not wait for this gate, which signs it; add "{key}" to its needs'


def _unmet(item: Item, organisation: Organisation) -> Problems:
    """Roles nobody has, and lines that stay open although everybody signs: one person fills one place."""
    people = {address: set(person.roles) for address, person in organisation.people.items()}
    roles = sorted(set[str]().union(*people.values()))
    if item.owner and item.owner not in roles:
        yield ("owner",), _nobody(item.owner, roles)
    lines = quorum(item)
    for index, line in enumerate(lines):
        for role in line.roles:
            if role not in roles:
                yield _sign(item, index), f'nobody can meet "{line}": {_nobody(role, roles)}'
    if open_ := missing([line for line in lines if set(line.roles) & set(roles)], people):
        yield (
            _sign(item, None),
            f'"{", ".join(open_)}" stays open when one person fills one place; give the role to more people',
        )


def _sign(item: Item, index: int | None) -> Trail:
    if isinstance(item, Training) and not item.sign:
        return "training", "audience"
    return ("sign",) if index is None else ("sign", index)


def _nobody(role: str, roles: list[str]) -> str:
    likely = get_close_matches(role, roles, n=1)
    hint = f', or did you mean "{likely[0]}"?' if likely else ""
    return f'nobody in the organisation has the role "{role}"; give it to somebody{hint}'


def _unheard(item: Item, organisation: Organisation) -> Problems:
    if not isinstance(item, Announce):
        return
    if item.announce.audience not in organisation.audiences:
        yield ("announce", "audience"), unknown(item.announce.audience, organisation.audiences, "audience")
    for index, channel in enumerate(item.announce.channels):
        if channel not in organisation.channels:
            yield ("announce", "channels", index), unknown(channel, organisation.channels, "channel")
