"""Checklist files: found by name, merged along `extends`, and validated whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from checklists.checklist import Checklist, loose_ends, unknown
from checklists.errors import Finding, InvalidFile, LaunchError
from checklists.files.explain import ENOUGH, build, by_line, in_words
from checklists.files.extends import Merge
from checklists.files.reader import Node, near, read, spoken

LIBRARY = Path(__file__).parents[1] / "library"


@dataclass(frozen=True, slots=True)
class LoadedChecklist:
    """A checklist, its file, and the folder in which its commands and materials lie."""

    checklist: Checklist
    file: Path
    folder: Path
    source: Node = field(repr=False, compare=False)


def load_checklist(name: str | Path, folders: Sequence[Path] = (LIBRARY,)) -> LoadedChecklist:
    """The checklist of that name in the first folder that has it, or of that very file where a Path is given.

    Raises InvalidFile with every finding, and LaunchError where no checklist has the name.
    """
    file = name if isinstance(name, Path) else find(name, folders)
    return _load(file, read(file), folders)


def find(name: str, folders: Sequence[Path] = (LIBRARY,)) -> Path:
    """The file of a name. Only what is there is compared, so that a name never reaches outside the folders."""
    known = names(folders)
    if name not in known:
        raise LaunchError(unknown(spoken(name), list(known), "checklist"))
    return known[name]


def names(folders: Sequence[Path] = (LIBRARY,)) -> dict[str, Path]:
    """Every checklist by name; the first folder that has a name wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in sorted(folder.glob("*.yaml")):
            found.setdefault(file.stem, file)
    return dict(sorted(found.items()))


def _load(file: Path, source: Node, folders: Sequence[Path]) -> LoadedChecklist:
    merged, objections = _merged(source, _chain(file, source, folders))
    checklist, findings = build(Checklist, merged)
    said = {(finding.file, finding.line, finding.path) for finding in findings}
    ends = [end for end in islice(_loose_ends(merged), ENOUGH) if (end.file, end.line, end.path) not in said]
    findings += (*objections, *ends)
    if checklist is None or findings:
        raise InvalidFile(*by_line(findings))
    return LoadedChecklist(checklist, file, file.parent, merged)


def _chain(file: Path, source: Node, folders: Sequence[Path]) -> list[Node]:
    """The file and all it extends, itself first."""
    chain, files = [source], [file.resolve()]
    while parent := chain[-1].fields.get("extends"):
        _check_name(files[-1], chain[-1])
        above = _parent(parent, folders).resolve()
        if above in files:
            circle = " -> ".join(str(near(one)) for one in [*files[files.index(above) :], above])
            raise InvalidFile(
                parent.wrong(("extends",), f"these files extend each other: {circle}; remove one `extends`")
            )
        chain.append(read(above))
        files.append(above)
    _check_name(files[-1], chain[-1])
    return chain


def _parent(extends: Node, folders: Sequence[Path]) -> Path:
    known, name = names(folders), extends.plain
    if not isinstance(name, str):
        raise InvalidFile(extends.wrong(("extends",), f"expected the name of a checklist, not {in_words(name)}"))
    if name not in known:
        raise InvalidFile(extends.wrong(("extends",), unknown(spoken(name), list(known), "checklist")))
    return known[name]


def _check_name(file: Path, source: Node) -> None:
    said = source.fields.get("checklist")
    if said and isinstance(said.value, str) and said.value != file.stem:
        problem = f'the file is called {file.name}; write "checklist: {file.stem}", or rename the file'
        raise InvalidFile(said.wrong(("checklist",), problem))


def _merged(source: Node, chain: list[Node]) -> tuple[Node, list[Finding]]:
    merge = Merge()
    whole = chain[-1]
    for child in reversed(chain[:-1]):
        whole = merge.checklist(whole, child)
    fields = {key: node for key, node in whole.fields.items() if key != "extends"}
    return replace(whole, value=fields), merge.findings


def _loose_ends(source: Node) -> Iterator[Finding]:
    """Looked for in the file itself, so that they show although something else is wrong with it, too."""
    items = source.at(("items",)).fields if "items" in source.fields else {}
    needs = {key: _needs(item) for key, item in items.items()}
    bound = {key: item.fields["bound-to"].plain for key, item in items.items() if "bound-to" in item.fields}
    after = {key: _after(item) for key, item in items.items()}
    for trail, problem in loose_ends(needs, _names(bound), _names(after)):
        yield source.at(trail).wrong(trail, problem)


def _names(given: Mapping[str, object]) -> dict[str, str]:
    """Those that are names at all; what else stands there the model refuses."""
    return {key: name for key, name in given.items() if isinstance(name, str)}


def _after(item: Node) -> object:
    """The item after which an announcement leaves."""
    node = item
    for key in ("announce", "after", "item"):
        if key not in node.fields:
            return None
        node = node.fields[key]
    return node.plain


def _needs(item: Node) -> list[str]:
    needs = item.fields.get("needs")
    return [spoken(str(need.plain)) for need in needs.entries] if needs else []
