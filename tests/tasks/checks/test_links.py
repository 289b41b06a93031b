"""Links: every one is followed once, and each broken one is said where it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checklists.checks import LinksCheck
from tasks.checks.run import CheckResult, Subject, run_check
from tests.tasks.checks.site import Site, Visit, hangs, redirects, says

Subjects = Callable[..., Subject]


def look(subject: Subject, *, timeout: int = 20, **targets: Any) -> CheckResult:
    return run_check(LinksCheck.model_validate({"check": "links", "with": targets, "timeout": timeout}), subject)


def write(subject: Subject, name: str, text: str | bytes) -> Path:
    path = subject.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_page_whose_links_all_answer_is_good(site: Site, subject: Subjects) -> None:
    site.pages |= {"/": says(200, '<a href="/a">a</a> <img src="b.png">'), "/a": says(200), "/b.png": says(204)}
    result = look(subject(), pages=[site.at("/")])
    assert result.ok
    assert result.summary == "2 links in 1 source answered"
    assert result.looked_at == 2


def test_a_broken_link_is_said_with_where_it_stands(site: Site, subject: Subjects) -> None:
    site.pages["/docs/"] = says(200, "<a href=gone>")
    result = look(subject(), pages=[site.at("/docs/")])
    assert not result.ok
    assert result.findings == (f"{site.at('/docs/')}: {site.at('/docs/gone')} answers 404; correct or remove the link",)


def test_a_link_is_followed_once_however_often_it_stands(site: Site, subject: Subjects) -> None:
    site.pages |= {"/": says(200, "<a href=/a><a href=/a#x><a href='a#y'>"), "/a": says(200)}
    launch = subject()
    write(launch, "notes.md", f"[a]({site.at('/a')}) and {site.at('/a')}.")
    assert look(launch, files=["notes.md"], pages=[site.at("/")]).looked_at == 1
    assert site.asked.count("HEAD /a") == 1


def test_a_page_is_not_asked_again_for_links_to_itself(site: Site, subject: Subjects) -> None:
    site.pages["/"] = says(200, "<a href='#top'><a href='/'>")
    assert look(subject(), pages=[site.at("/")]).ok
    assert site.asked == ["GET /"]


@pytest.mark.parametrize("status", [403, 405, 500, 501])
def test_a_server_that_only_knows_get_is_asked_with_get(site: Site, subject: Subjects, status: int) -> None:
    def only_get(visit: Visit) -> None:
        visit.say(200 if visit.command == "GET" else status)

    site.pages |= {"/": says(200, "<a href=/a>"), "/a": only_get}
    assert look(subject(), pages=[site.at("/")]).ok
    assert site.asked == ["GET /", "HEAD /a", "GET /a"]


def test_links_are_relative_to_where_the_page_ended_and_to_its_base(site: Site, subject: Subjects) -> None:
    site.pages |= {
        "/old": redirects("/new/"),
        "/new/": says(200, "<a href=x>"),
        "/based": says(200, "<base href=/b/><a href=y>"),
    }
    look(subject(), pages=[site.at("/old"), site.at("/based")])
    assert {"HEAD /new/x", "HEAD /b/y"} <= set(site.asked)


def test_what_is_no_web_link_is_not_followed(site: Site, subject: Subjects) -> None:
    site.pages["/"] = says(200, "<a href='mailto:a@b'><a href='tel:1'><a href='javascript:x()'><img src='data:,x'>")
    result = look(subject(), pages=[site.at("/")])
    assert (result.ok, result.looked_at) == (True, 0)


def test_only_pages_of_text_are_read_for_links(site: Site, subject: Subjects) -> None:
    site.pages |= {
        "/a.bin": says(200, "<a href=/bin>", kind="application/octet-stream"),
        "/a.md": says(200, "[x](/markdown)", kind="text/plain"),
    }
    look(subject(), pages=[site.at("/a.bin"), site.at("/a.md")])
    assert set(site.asked) == {"GET /a.bin", "GET /a.md", "HEAD /markdown"}


def test_the_launch_is_filled_in_and_cannot_lead_elsewhere(site: Site, subject: Subjects) -> None:
    site.pages["/notes/..%2Fsecret%3Fx"] = says(200)
    assert look(subject(version="../secret?x"), pages=[site.at("/notes/{version}")]).ok
    assert look(subject(version="{tag}"), pages=[site.at("/{version}")]).findings[0].startswith(site.at("/%7Btag%7D"))


def test_nothing_but_the_four_names_is_filled_in(subject: Subjects) -> None:
    launch = subject()
    text = "{product} {version} {tag} {folder} {product.__class__} {0} {} {{tag}}"
    assert launch.filled(text) == "acme 2.4.0 v2.4.0 {folder} {product.__class__} {0} {} {v2.4.0}"


def test_a_value_the_launch_does_not_have_is_a_finding(subject: Subjects) -> None:
    assert "has no commit" in look(subject(commit=None), files=["{commit}.md"]).findings[0]


def test_the_products_own_pages_are_looked_at_when_nothing_is_named(site: Site, subject: Subjects) -> None:
    site.pages["/"] = says(200)
    assert look(subject(pages=(site.at("/"),))).ok
    assert site.asked == ["GET /"]


def test_with_nothing_named_anywhere_nothing_passes(subject: Subjects) -> None:
    result = look(subject())
    assert not result.ok
    assert all(word in result.findings[0] for word in ("`files`", "`pages`", "product"))


def test_the_links_of_a_markdown_file_are_followed(site: Site, subject: Subjects) -> None:
    launch = subject()
    text = """See [a]({0}/a), ![b]({0}/b), <{0}/c>, {0}/d. and <a href="{0}/e">e</a>

| table |
|---|
| {0}/f |

```
{0}/code
```
"""
    write(launch, "docs/notes.md", text.format(site.at("")))
    result = look(launch, files=["docs/notes.md"])
    assert {asked.removeprefix("HEAD ") for asked in site.asked} == {f"/{name}" for name in "abcdef"}
    assert len(result.findings) == 6
    assert all(finding.startswith("docs/notes.md: ") for finding in result.findings)


def test_a_relative_link_in_a_file_must_lead_to_a_file_beside_it(subject: Subjects) -> None:
    launch = subject()
    write(launch, "docs/a b.md", "")
    write(
        launch,
        "docs/notes.md",
        "[good](<a b.md#part>) [up](../docs/notes.md) [gone](gone.md) [out](../../x.md) [abs](/x)",
    )
    findings = look(launch, files=["docs/notes.md"]).findings
    assert [finding.split(";")[0] for finding in findings] == [
        "docs/notes.md: docs/gone.md: cannot be found in the checklist's folder",
        "docs/notes.md: ../x.md: leads outside the checklist's folder",
        "docs/notes.md: /x: leads outside the checklist's folder",
    ]


@pytest.mark.parametrize("name", ["../secret.md", "/etc/passwd", "docs/../../secret.md", "link.md", "folder/secret.md"])
def test_no_file_outside_the_folder_is_read(subject: Subjects, site: Site, name: str) -> None:
    launch = subject()
    write(launch, "../secret.md", f"[x]({site.at('/secret')})")
    (launch.folder / "link.md").symlink_to("../secret.md")
    (launch.folder / "folder").symlink_to("..")
    assert "leads outside the checklist's folder" in look(launch, files=[name]).findings[0]
    assert not site.asked


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("latin.md", "é".encode("latin-1"), "not UTF-8"),
        ("long.md", b"x" * (2**19 + 1), "longer than 512 KiB"),
        ("folder/x.md", b"", "is not a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_finding(subject: Subjects, name: str, content: bytes, reason: str) -> None:
    launch = subject()
    write(launch, name, content)
    assert reason in look(launch, files=[name.partition("/")[0]]).findings[0]


def test_a_page_that_does_not_answer_well_is_a_finding(site: Site, subject: Subjects) -> None:
    site.pages["/"] = says(503, "<a href=/a>")
    assert "answers 503" in look(subject(), pages=[site.at("/")]).findings[0]
    assert site.asked == ["GET /"]


def test_more_links_than_can_be_followed_do_not_pass(site: Site, subject: Subjects, monkeypatch: Any) -> None:
    monkeypatch.setattr("tasks.checks.links.LINKS", 3)
    site.pages = {f"/{number}": says(200) for number in range(5)}
    site.pages["/"] = says(200, "".join(f"<a href=/{number}>" for number in range(5)))
    result = look(subject(), pages=[site.at("/")])
    assert not result.ok
    assert result.findings[0].startswith("only the first 3 of 5 links")


def test_links_nobody_had_time_for_are_counted_in_one_finding(site: Site, subject: Subjects) -> None:
    site.pages["/"] = says(200, "".join(f"<a href=/{number}>" for number in range(100)))
    site.pages |= {f"/{number}": hangs for number in range(100)}
    result = look(subject(), pages=[site.at("/")], timeout=2)
    assert len(result.findings) == 9
    assert result.findings[-1].startswith("no time was left for 92 links after 2 s")


def test_many_findings_are_cut_short_and_counted(site: Site, subject: Subjects) -> None:
    site.pages["/"] = says(200, "".join(f"<a href=/{number}>" for number in range(80)))
    result = look(subject(), pages=[site.at("/")])
    assert len(result.findings) == 50
    assert result.findings[-1] == "… and 31 more"
    assert result.summary == "80 problems with 80 links in 1 source"


def test_a_private_address_on_a_public_page_is_refused(site: Site, subject: Subjects) -> None:
    site.pages["/"] = says(200, "<a href='http://169.254.169.254/latest/meta-data/'>")
    finding = look(subject(), pages=[site.at("/")]).findings[0]
    assert "169.254.169.254" in finding
    assert "not a public address" in finding
