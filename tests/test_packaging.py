"""What a fresh machine gets: locked versions, every package that is imported, and a wheel with everything in it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions, packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.layers import ROOMS, ROOT, imports, sources, top

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
PACKED = {
    ".md": ["templates"],
    ".html": ["templates"],
    ".css": ["templates"],
    ".txt": ["templates"],
    ".json": ["templates", "checklists"],
    ".yaml": ["checklists", "deployments"],
}


def requirements(entries: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(one.name): one for one in map(Requirement, entries)}


RUN = requirements(PROJECT["project"]["dependencies"])
DEVELOP = requirements(PROJECT["dependency-groups"]["dev"])
BUILD = requirements(PROJECT["build-system"]["requires"])


def locked() -> dict[str, str]:
    """The version of each package in the lock."""
    return {found["name"]: found["version"] for line in LOCK.splitlines() if (found := PIN.match(line))}


def undeclared(modules: set[str], declared: set[str]) -> set[str]:
    """The modules whose package nobody asked for: it is there by luck, because another one wants it."""
    known = packages_distributions()
    foreign = {top(name) for name in modules} - set(ROOMS) - {"tests"} - sys.stdlib_module_names
    return {name for name in foreign if not declared & {canonicalize_name(one) for one in known.get(name, [])}}


def test_the_lock_names_versions_and_hashes_and_nothing_else() -> None:
    assert [line for line in LOCK.splitlines() if not PIN.match(line) and not HASH.match(line)] == []


def test_every_locked_package_has_a_hash() -> None:
    packages = re.split(r"\n(?=\S)", LOCK.strip())
    assert [one for one in packages if "--hash=sha256:" not in one] == []


@pytest.mark.parametrize("asked", [RUN, DEVELOP, BUILD], ids=["run", "develop", "build"])
def test_the_lock_holds_what_was_asked_for(asked: dict[str, Requirement]) -> None:
    found = locked()
    wrong = [str(one) for name, one in asked.items() if name not in found or found[name] not in one.specifier]
    assert wrong == [], "run `make lock`"


def test_the_lock_is_whole_since_nothing_else_is_installed() -> None:
    found = locked()
    installed = [one for one in distributions() if canonicalize_name(one.name) in found]
    needs = [Requirement(need) for one in installed for need in one.requires or ()]
    wanted = {canonicalize_name(need.name) for need in needs if not need.marker or need.marker.evaluate({"extra": ""})}
    assert len(installed) > 100
    assert wanted - found.keys() == set()


def test_what_the_rooms_import_is_declared() -> None:
    assert undeclared({name for text in sources().values() for name in imports(text)}, set(RUN)) == set()


def test_what_the_tests_import_is_declared() -> None:
    found = {name for text in sources("tests").values() for name in imports(text)}
    assert undeclared(found, RUN.keys() | DEVELOP.keys()) == set()


def test_what_nobody_declared_is_found() -> None:
    assert undeclared({"json", "tasks.act", "yaml", "httpx._api"}, {"pyyaml"}) == {"httpx"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, text=True)
    (made,) = folder.glob("*.whl")
    return ZipFile(made)


def test_the_wheel_holds_every_file_of_the_rooms(wheel: ZipFile) -> None:
    files = (file.relative_to(ROOT) for room in ROOMS for file in (ROOT / room).rglob("*") if file.is_file())
    wanted = {str(file) for file in files if "__pycache__" not in file.parts}
    assert wanted - set(wheel.namelist()) == set()
    assert {Path(name).suffix for name in wanted} >= {".py", *PACKED}


@pytest.mark.parametrize(
    "name",
    [
        "checklists/library/saas-feature.yaml",
        "checklists/library/training/support.md",
        "checklists/schema.json",
        "checklists/organisation.schema.json",
        "ledger/migrations/versions/0001_first_tables.py",
        "templates/announcement/body.html",
        "deployments/prefect.yaml",
        "deployments/organisation.yaml",
    ],
)
def test_the_wheel_holds_what_is_read_at_run_time(wheel: ZipFile, name: str) -> None:
    assert name in wheel.namelist()


def test_the_wheel_holds_no_tests_and_the_licence(wheel: ZipFile) -> None:
    assert [name for name in wheel.namelist() if name.startswith("tests/")] == []
    assert any(name.endswith("/licenses/LICENSE") for name in wheel.namelist())


def test_the_changelog_begins_with_this_version() -> None:
    released = re.findall(r"^## \[(\d\S*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert released[0] == PROJECT["project"]["version"]
