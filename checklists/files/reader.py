"""YAML files as plain data in which every value knows its file and line; whatever could surprise is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from checklists.errors import Finding, InvalidFile

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
BEGIN = "begin with `checklist:` or `organisation:`"
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TAB_INDENT = re.compile(r" *\t")
CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
INTEGER = re.compile(r"[-+]?(0|[1-9]\d{0,15})")
DECIMAL = re.compile(r"[-+]?\d{1,15}\.\d{1,15}")

Trail = tuple[str | int, ...]
Fields = dict[str, "Node"]


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file: a mapping or list of further nodes, or a text, number, true, false or None."""

    value: Fields | list[Node] | str | int | float | bool | None
    file: Path
    line: int

    @property
    def fields(self) -> Fields:
        """The values by key; nothing where this is no mapping."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def entries(self) -> list[Node]:
        """The values of a list; nothing where this is none."""
        return self.value if isinstance(self.value, list) else []

    @property
    def plain(self) -> Any:
        if isinstance(self.value, dict):
            return {key: node.plain for key, node in self.value.items()}
        return [node.plain for node in self.value] if isinstance(self.value, list) else self.value

    def at(self, path: Trail) -> Node:
        """The value at the path, or the innermost one around the place where it would stand."""
        node = self
        for part in path:
            inner = _child(node, part)
            if inner is None:
                break
            node = inner
        return node

    def wrong(self, path: Trail, problem: str) -> Finding:
        """What is wrong with this value, which stands at that path of its file."""
        return Finding(self.file, self.line, dotted(path), problem)


def _child(node: Node, part: str | int) -> Node | None:
    if isinstance(part, str):
        return node.fields.get(part)
    return node.entries[part] if part < len(node.entries) else None


def dotted(path: Trail) -> str:
    """A path as people say it, without the numbers of list entries: the line and the sentence tell which."""
    return ".".join(spoken(part) for part in path if isinstance(part, str))


def spoken(name: str) -> str:
    """A name from a file, safe and short enough for one line of a terminal."""
    shown = name if name.isprintable() else ascii(name)[1:-1]
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def near(file: Path) -> Path:
    """The file as a person in the current folder would name it."""
    here, there = Path.cwd(), file.absolute()
    return there.relative_to(here) if there.is_relative_to(here) else file


def read(file: Path) -> Node:
    """The file's top-level mapping. Raises InvalidFile with what has to change."""
    name = near(file)
    return read_text(name, _text(name, _bytes(name, file)), BEGIN)


def read_text(name: Path, text: str, begin: str) -> Node:
    """The same of a text that lies elsewhere; `begin` says how to begin it. Raises InvalidFile."""
    if found := UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise InvalidFile(Finding(name, line, "", f"the character U+{ord(found[0]):04X} is not allowed; remove it"))
    try:
        return _Reading(name, yaml.parse(text, Loader=LOADER), begin).document()
    except yaml.YAMLError as error:
        raise InvalidFile(_not_yaml(name, text, error)) from error


def _bytes(name: Path, file: Path) -> bytes:
    try:
        if file.exists() and not file.is_file():
            raise InvalidFile(Finding(name, None, "", "this is not a file; name a YAML file"))
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        problem = f"the file cannot be read ({getattr(error, 'strerror', None) or error}); check its name and rights"
        raise InvalidFile(Finding(name, None, "", problem)) from error
    if len(data) > MAX_BYTES:
        problem = f"the file is larger than {MAX_BYTES // 1024} KiB; a checklist is text a person reads, split it"
        raise InvalidFile(Finding(name, None, "", problem))
    return data


def _text(name: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8; save the file as UTF-8"
        raise InvalidFile(Finding(name, line, "", problem)) from error


def _not_yaml(name: Path, text: str, error: yaml.YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None)
    at = mark.line if mark else 0
    lines = text.splitlines()
    for line in (at, at - 1):
        if 0 <= line < len(lines) and TAB_INDENT.match(lines[line]):
            return Finding(name, line + 1, "", "a tab stands in the indentation; YAML wants spaces")
    problem = getattr(error, "problem", None) or "it cannot be parsed"
    return Finding(name, at + 1, "", f"this is not YAML: {problem}; check indentation, colons and quotes around here")


class _Reading:
    """One pass over the parser's events; stops at the first thing that is not wanted, before it can grow."""

    def __init__(self, file: Path, events: Iterator[yaml.Event], begin: str) -> None:
        self.file = file
        self.events = events
        self.begin = begin

    def document(self) -> Node:
        top = self.next()
        while isinstance(top, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
            top = self.next()
        if isinstance(top, yaml.StreamEndEvent):
            raise self.refuse(top, f"the file is empty; {self.begin}")
        node = self.node(top, line=1)
        if not isinstance(node.value, dict):
            raise self.refuse(top, f"the file is no mapping; {self.begin}")
        self.next()
        after = self.next()
        if not isinstance(after, yaml.StreamEndEvent):
            raise self.refuse(after, "a second document begins here; one file holds one, remove the `---`")
        return node

    def next(self) -> yaml.Event:
        return next(self.events)

    def refuse(self, event: yaml.Event, problem: str, path: Trail = ()) -> InvalidFile:
        return InvalidFile(Finding(self.file, self.line(event), dotted(path), problem))

    def line(self, event: yaml.Event) -> int:
        return event.start_mark.line + 1 if event.start_mark else 1

    def node(self, event: yaml.Event, line: int, path: Trail = ()) -> Node:
        self.check(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return Node(self.mapping(path), self.file, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self.sequence(path), self.file, line)
        return Node(_scalar(event), self.file, line)

    def check(self, event: Any, path: Trail) -> None:
        if event.anchor:
            problem = "anchors and aliases (& and *) are not used here, they can make a small file huge; write it out"
            raise self.refuse(event, problem, path)
        if getattr(event, "tag", None):
            raise self.refuse(event, f"tags such as {spoken(event.tag)} are not used here; remove it", path)
        if len(path) > MAX_DEPTH:
            raise self.refuse(event, f"this is nested more than {MAX_DEPTH} deep; nothing here is", path[:MAX_DEPTH])

    def mapping(self, path: Trail) -> Fields:
        fields: Fields = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.key(event, path)
            if key in fields:
                problem = f"this stands here already, in line {fields[key].line}; remove one of the two"
                raise self.refuse(event, problem, (*path, key))
            fields[key] = self.node(self.next(), self.line(event), (*path, key))
        return fields

    def key(self, event: yaml.Event, path: Trail) -> str:
        self.check(event, path)
        if not isinstance(event, yaml.ScalarEvent):
            raise self.refuse(event, "a key is one word, not a list or mapping", path)
        if event.value == "<<":
            raise self.refuse(event, "merge keys (<<) are not used here; write it out, or use `extends`", path)
        return str(event.value)

    def sequence(self, path: Trail) -> list[Node]:
        nodes: list[Node] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            nodes.append(self.node(event, self.line(event), (*path, len(nodes))))
        return nodes


def _scalar(event: Any) -> str | int | float | bool | None:
    """Numbers, `true`, `false` and null; all else stays what was written: `on`, `17:00` and `2026-12-24` are texts."""
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text.lower() in CONSTANTS:
        return CONSTANTS[text.lower()]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text
