"""What is wrong with the audiences of a file: topics that nobody could subscribe to."""

from __future__ import annotations

from collections.abc import Iterator

from checklists.audience import LAUNCHED
from checklists.checklist import unknown
from checklists.errors import Finding
from checklists.files.reader import Node, Trail, spoken
from checklists.organisation import Organisation


def unknown_topics(source: Node, organisation: Organisation) -> Iterator[Finding]:
    """Topics that are no product and stand under no `topics`, each where it is written."""
    audiences = source.fields["audiences"].fields if "audiences" in source.fields else {}
    known = list(organisation.all_topics)
    for name, node in audiences.items():
        for trail, topic in _topics(node, ("audiences", name)):
            if topic.value not in known and not (topic.value == LAUNCHED and trail[2] == "topics"):
                yield topic.wrong(trail, unknown(spoken(str(topic.value)), known, "topic"))


def _topics(node: Node, trail: Trail) -> Iterator[tuple[Trail, Node]]:
    """Every topic below here: in `topics`, and in `topic` of a rule however deep; `attributes` are none of ours."""
    for key, inner in node.fields.items():
        if key in ("topic", "topics"):
            yield from (((*trail, key), one) for one in inner.entries or [inner])
        elif key != "attributes":
            yield from _topics(inner, (*trail, key))
    for index, inner in enumerate(node.entries):
        yield from _topics(inner, (*trail, index))
