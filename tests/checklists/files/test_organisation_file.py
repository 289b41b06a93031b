"""The organisation file: what may stand in it, and what happens when it changes."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from checklists.errors import InvalidFile
from checklists.files.organisation_file import OrganisationFile, read_organisation
from tests.checklists.files.written import write

EXAMPLE = Path(__file__).parents[3] / "deployments" / "organisation.yaml"

WRONG = {
    "an address twice in other letters": (
        "people:\n  Ada@example.com: {name: A}\n  ada@Example.com: {name: B}",
        '4: people.ada@Example.com: this is the address "Ada@example.com" of line 3 again',
    ),
    "no address": ("people:\n  ada: {name: A}", '3: people.ada: expected a mail address such as "ada@example.com"'),
    "a header in an address": (
        'people:\n  "a\\nBcc: b@c.de": {name: A}',
        "3: people.a\\nBcc: b@c.de: expected a mail address",
    ),
    "a role that is none": (
        "people:\n  a@b.de:\n    name: A\n    roles: [QA]",
        "5: people.a@b.de.roles: expected lower-case words",
    ),
    "a time zone": ("people: {a@b.de: {name: A, timezone: Berlin}}", "no time zone is called 'Berlin'"),
    "a product's time zone": ("products: {a: {title: A, timezone: ../UTC}}", "no time zone is called '../UTC'"),
    "a tag pattern": (
        "products: {a: {title: A, tags: v}}",
        "2: products.a.tags: a tag pattern names {version} exactly",
    ),
    "a holiday": ("products: {a: {title: A, holidays: [24.12.2026]}}", "expected a date such as 2026-12-24, not the"),
    "notes under review that nobody could read back": (
        "products: {a: {title: A, repository: o/a, review-notes: [customer]}}",
        "`review-notes` takes `repository`, on GitHub, and `git`, which reads what was merged",
    ),
    "notes under review elsewhere": (
        "products: {a: {title: A, repository: o/a, git: /srv/a, host: gitlab, review-notes: [customer]}}",
        "2: products.a: `review-notes` takes",
    ),
    "notes under review for nobody we know": (
        "products: {a: {title: A, review-notes: [customers]}}",
        "products.a.review-notes",
    ),
    "a repository": ("products: {a: {title: A, repository: acme}}", "expected an owner and a name such as"),
    "an unknown channel kind": (
        "channels: {pager: {kind: pager}}",
        "2: channels.pager.kind: expected 'email', 'slack', 'feed', 'teams' or 'webhook'",
    ),
    "an address for a variable": (
        "channels: {s: {kind: slack, webhook-env: 'https://x'}}",
        "environment variable such as",
    ),
    "a network": ("allow-private-addresses: [10.0.0.0/99]", "a network reads like '127.0.0.0/8'"),
    "an unknown key": ("product: {}", '2: product: no key is called "product"; did you mean "products"?'),
    "a day that is none": (
        "people: {a@b.de: {name: A, absences: [{from: 24.12., to: 2026-12-31}]}}",
        '2: people.a@b.de.absences.from: expected a date such as 2026-12-24, not the text "24.12."',
    ),
    "an absence backwards": (
        "people: {a@b.de: {name: A, absences: [{from: 2026-12-31, to: 2026-12-24}]}}",
        "people.a@b.de.absences: an absence ends after it begins; 2026-12-24 is before 2026-12-31",
    ),
    "an absence without an end": (
        "people:\n  a@b.de:\n    name: A\n    absences:\n      - {from: 2026-12-31}",
        "6: people.a@b.de.absences.to: this is missing; add it",
    ),
    "one absence for a list": (
        "people: {a@b.de: {name: A, absences: {from: 2026-12-24, to: 2026-12-31}}}",
        "people.a@b.de.absences: expected a list, not a mapping",
    ),
    "another name of two words": (
        "people: {a@b.de: {name: A, also: [a b]}}",
        'people.a@b.de.also: expected an address or a login such as "github:ada", not the text "a b"',
    ),
    "hours backwards": (
        "people: {a@b.de: {name: A, hours: '17:00-09:00'}}",
        "people.a@b.de.hours: '17:00-09:00' goes over midnight, and hours lie within one day; "
        "write '17:00-23:59' or '00:00-09:00'",
    ),
    "a list of hours": (
        "people: {a@b.de: {name: A, hours: [9, 17]}}",
        'people.a@b.de.hours: expected a time such as "09:00-17:00", not a list',
    ),
    "a role that may waive": ("waivers: QA", "2: waivers: expected lower-case words joined by dashes"),
    "a policy": (
        "products: {a: {title: A, supersede: never}}",
        "products.a.supersede: expected 'parallel', 'queue' or 'replace', not the text \"never\"",
    ),
    "a text for true": ("audiences: {a: {external: maybe}}", "expected true or false, not the text"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=list(WRONG))
def test_it_refuses(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidFile) as refused:
        read_organisation(write(tmp_path, "org", f"organisation: X\n{text}\n"))

    (found,) = refused.value.findings
    assert said in str(found).replace(f"{tmp_path}/", "").replace("org.yaml:", "")


def test_the_example_has_everything_the_checklists_ask_for() -> None:
    organisation = read_organisation(EXAMPLE)

    assert len(organisation.people) >= 10
    assert {"acme", "acme-sdk"} <= organisation.products.keys()
    assert [name for name, audience in organisation.audiences.items() if audience.external] == ["customers"]


def test_addresses_are_folded_to_lower_case(tmp_path: Path) -> None:
    file = write(tmp_path, "org", "organisation: X\npeople: {Ada@Example.com: {name: A}}\n")

    assert list(read_organisation(file).people) == ["ada@example.com"]


def _edit(file: Path, text: str, second: int) -> None:
    file.write_text(text, encoding="utf-8")
    os.utime(file, (second, second))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = write(tmp_path, "org", "")
    _edit(file, "organisation: First\n", 1)
    return file


def test_an_edit_is_seen(file: Path) -> None:
    ours = OrganisationFile(file)
    first = ours.current()
    assert first.organisation == "First"
    assert ours.current() is first

    _edit(file, "organisation: Other\n", 2)
    assert ours.current().organisation == "Other"


def test_a_broken_edit_keeps_the_last_good_one_and_says_so(file: Path) -> None:
    ours = OrganisationFile(file)
    ours.current()
    _edit(file, "organization: Second\n", 2)

    assert ours.current().organisation == "First"
    assert [finding.path for finding in ours.findings] == ["organisation", "organization"]

    _edit(file, "organisation: Third\n", 3)
    assert ours.current().organisation == "Third"
    assert ours.findings == ()


def test_a_file_that_vanishes_keeps_the_last_good_one_until_it_is_back(file: Path) -> None:
    ours = OrganisationFile(file)
    ours.current()
    file.unlink()

    assert ours.current().organisation == "First"
    assert "No such file" in str(ours.findings[0])

    _edit(file, "organisation: First\n", 1)
    assert ours.current().organisation == "First"
    assert ours.findings == ()


def test_a_file_that_never_was_good_is_refused_until_it_is(tmp_path: Path) -> None:
    ours = OrganisationFile(tmp_path / "org.yaml")
    for _ in range(2):
        with pytest.raises(InvalidFile, match="No such file"):
            ours.current()

    _edit(tmp_path / "org.yaml", "organisation: At last\n", 1)
    assert ours.current().organisation == "At last"


def test_many_threads_see_a_good_one_while_it_is_edited(file: Path) -> None:
    ours = OrganisationFile(file)

    def look(second: int) -> str:
        _edit(file, "organisation: First\n" if second % 2 else "broken", second)
        return ours.current().organisation

    ours.current()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(look, range(100))) == {"First"}
