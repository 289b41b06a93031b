"""The house rules: who may import whom, who reads the environment, and how long a function may be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from statistics import median, quantiles

import pytest

from tests.layers import ROOMS, classes, functions, imports, reads_environment, sources, top

# deployments -> flows, web -> tasks -> ledger, templates -> checklists
TO_THE_RIGHT = {
    "checklists": set[str](),
    "ledger": {"checklists"},
    "templates": {"checklists"},
    "tasks": {"ledger", "templates", "checklists"},
    "flows": {"tasks", "ledger", "templates", "checklists"},
    "web": {"tasks", "ledger", "templates", "checklists"},
    "deployments": {"flows", "web", "tasks", "ledger", "templates", "checklists"},
}
PACKAGES = {
    "checklists": {"pydantic", "pydantic_core", "annotated_types", "yaml"},
    "ledger": {"pydantic", "sqlalchemy", "alembic", "rfc8785", "cryptography"},
    "templates": {"pydantic", "jinja2", "markupsafe", "markdown_it", "css_inline", "babel"},
}
"""Rooms that get along without Prefect, a network and each other."""

SETTINGS = "tasks/settings.py"
READ_THE_ENVIRONMENT = {
    SETTINGS: "the one place",
    "tasks/changes/git.py": "git gets where its parts, keys and proxies are, and nothing else of ours",
    "tasks/checks/command.py": "a check's program gets PATH, HOME and LANG, and nothing else of ours",
    "tasks/senders/ways_out.py": "a Slack channel names its own variable in the organisation file",
    "tasks/boards/prefect_address.py": "Prefect's address, where Prefect itself is not imported",
    "deployments/editing.py": "the editor of whoever sits at the terminal",
    "deployments/environment.py": "hands Prefect's settings to the processes it starts",
    "deployments/up.py": "sets them for itself, before Prefect is imported",
}


def wrong_imports(path: str, source: str) -> list[str]:
    """The modules this one may not import, being where it is."""
    room = path.partition("/")[0]
    return sorted(name for name in imports(source, path) if not _may_import(room, top(name)))


def _may_import(room: str, name: str) -> bool:
    if name in ROOMS:
        return name == room or name in TO_THE_RIGHT[room]
    return room not in PACKAGES or name in sys.stdlib_module_names or name in PACKAGES[room]


def name_taken(path: str) -> bool:
    """Whether a flow's module hides another one: Prefect puts `flows/` first on the path."""
    stem = path.rpartition("/")[2].removesuffix(".py")
    return stem in sys.stdlib_module_names or stem in packages_distributions() or stem in ROOMS


def too_long(path: str, source: str) -> Iterator[str]:
    """The file, and those of its functions, that nobody takes in at a glance."""
    if (lines := len(source.splitlines())) > 250:
        yield f"{path}: {lines} lines"
    yield from (f"{path}:{name}: {lines} lines" for name, lines in functions(source).items() if lines > 40)


def test_rooms_import_to_the_right_only() -> None:
    wrong = {path: found for path, text in sources().items() if (found := wrong_imports(path, text))}
    assert wrong == {}


def test_every_folder_with_code_is_a_room_of_the_plan() -> None:
    assert set(ROOMS) == set(TO_THE_RIGHT)


def test_the_environment_is_read_in_one_place() -> None:
    assert {path for path, text in sources().items() if reads_environment(text)} == set(READ_THE_ENVIRONMENT)


def test_only_the_settings_are_settings() -> None:
    assert [path for path, text in sources().items() if "pydantic_settings" in imports(text)] == [SETTINGS]


def test_no_flow_hides_another_module() -> None:
    assert [path for path in sources("flows") if not path.endswith("__init__.py") and name_taken(path)] == []


def test_no_flow_file_defines_a_model() -> None:
    assert {path: found for path, text in sources("flows").items() if (found := classes(text))} == {}


def test_no_function_and_no_file_is_too_long() -> None:
    assert [said for path, text in sources().items() for said in too_long(path, text)] == []


def test_most_functions_are_short() -> None:
    lines = [count for text in sources().values() for count in functions(text).values()]
    assert median(lines) <= 6, f"the median of {len(lines)} functions is {median(lines)} lines"
    assert quantiles(lines, n=10)[-1] <= 20, f"the 90th percentile of {len(lines)} functions is above 20 lines"


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("checklists/a.py", "import json, yaml, pydantic_core", []),
        ("checklists/a.py", "import prefect", ["prefect"]),
        ("checklists/a.py", "from sqlalchemy.engine import Dialect", ["sqlalchemy.engine"]),
        ("checklists/a.py", "def f():\n    def g():\n        from tasks import act", ["tasks"]),
        ("checklists/a.py", "if TYPE_CHECKING:\n    from ledger.store import Ledger", ["ledger.store"]),
        ("checklists/a.py", "import importlib\nimportlib.import_module('tasks.act')", ["tasks.act"]),
        ("checklists/a.py", "from importlib import import_module\nimport_module('ledger')", ["ledger"]),
        ("checklists/a.py", "from . import items\nfrom .items import Gate", []),
        ("ledger/a.py", "import templates.words", ["templates.words"]),
        ("templates/a.py", "from ledger import chain", ["ledger"]),
        ("templates/a.py", "import httpx", ["httpx"]),
        ("tasks/checks/a.py", "from ..settings import ROOT\nfrom ledger import store\nimport prefect", []),
        ("tasks/a.py", "import flows.gate", ["flows.gate"]),
        ("flows/a.py", "from web import app", ["web"]),
        ("web/a.py", "from flows.gate import gate", ["flows.gate"]),
        ("web/a.py", "import deployments", ["deployments"]),
        ("deployments/a.py", "import flows, web, tasks, ledger, templates, checklists", []),
    ],
)
def test_an_import_to_the_left_is_found(path: str, source: str, found: list[str]) -> None:
    assert wrong_imports(path, source) == found


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("import os\nos.environ['A']", True),
        ("import os\nos.getenv('A')", True),
        ("from os import environ", True),
        ("def f():\n    from os import getenv as g", True),
        ("from pydantic_settings import BaseSettings", True),
        ("import pydantic_settings", True),
        ("import os\nos.path.join('a')", False),
        ("def environ(): ...\nenviron()", False),
    ],
)
def test_reading_the_environment_is_found(source: str, reads: bool) -> None:
    assert reads_environment(source) is reads


@pytest.mark.parametrize(
    ("path", "taken"),
    [("flows/json.py", True), ("flows/prefect.py", True), ("flows/tasks.py", True), ("flows/patrol.py", False)],
)
def test_a_taken_name_is_found(path: str, taken: bool) -> None:
    assert name_taken(path) is taken


def test_long_functions_and_files_are_found() -> None:
    forty = "def f():\n" + "    pass\n" * 39
    assert list(too_long("a.py", forty)) == []
    assert list(too_long("a.py", forty + "    pass\n")) == ["a.py:1 f: 41 lines"]
    assert list(too_long("a.py", "class A:\n  async def f():\n" + "    pass\n" * 40)) == ["a.py:2 f: 41 lines"]
    assert list(too_long("a.py", "a = 1\n" * 251)) == ["a.py: 251 lines"]
