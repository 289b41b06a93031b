"""What lies between two commits, in real repositories with everything that people put into them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from checklists.entries import Difference
from tasks.changes.comparing import compare
from tasks.changes.mirror import Mirror, mirror
from tasks.settings import Settings
from tests.tasks.changes.repository import ADA, Repository, released


@pytest.fixture
def acme(tmp_path: Path) -> Repository:
    return released(tmp_path / "acme")


def copy_of(source: Repository, patience: float = 30) -> Mirror:
    home = source.folder.parent / "home"
    at = mirror(Settings(_env_file=None, home=home), str(source.folder), patience)
    at.fetch()
    return at


def difference(source: Repository, base: str | None, head: str = "HEAD") -> Difference:
    names = [source.git("rev-parse", f"{name}^{{commit}}") if name else None for name in (base, head)]
    return compare(copy_of(source), names[0], names[1] or "")


def test_a_difference_says_who_wrote_what(acme: Repository) -> None:
    found = difference(acme, "v1.0.0", "v1.1.0")
    assert (found.count, found.files, found.all_files) == (2, ("docs/index.md", "src/app.py"), True)
    assert [commit.partition(" ")[2] for commit in found.commits] == ["docs: say so", "feat: faster"]
    assert found.authors == ("ben@example.com", "cleo@example.com")
    assert "-one\n+two" in found.text
    assert found.is_known
    assert found.head == acme.git("rev-parse", "v1.1.0^{commit}")


def test_a_first_release_differs_from_nothing(acme: Repository) -> None:
    found = difference(acme, None, "v1.0.0")
    assert (found.base, found.count, found.authors) == (None, 1, ("ada@example.com",))
    assert found.files == ("docs/index.md", "src/app.py")


def test_an_empty_range_is_known_and_empty(acme: Repository) -> None:
    found = difference(acme, "v1.1.0", "v1.1.0")
    assert (found.count, found.commits, found.files, found.authors, found.text, found.why) == (0, (), (), (), "", "")


def test_going_back_names_the_files_and_no_author(acme: Repository) -> None:
    found = difference(acme, "v1.1.0", "v1.0.0")
    assert (found.count, found.authors, found.files) == (0, (), ("docs/index.md", "src/app.py"))
    assert found.is_known


def test_a_noreply_address_is_a_login_too(acme: Repository) -> None:
    assert difference(acme, "v1.1.0").authors == ("12345+dan-d@users.noreply.github.com", "github:dan-d")


def test_what_no_repository_knows_is_said(acme: Repository) -> None:
    at, head = copy_of(acme), acme.git("rev-parse", "HEAD")
    assert compare(at, "0" * 40, head).why == f"commit {'0' * 12} is not in {acme.folder}"
    tree = acme.git("rev-parse", "HEAD^{tree}")
    assert compare(at, None, tree).why == f"commit {tree[:12]} is not in {acme.folder}"


@pytest.mark.parametrize("base", ["--output=/tmp/owned", "HEAD", "v1.0.0", "-p", "", "HEAD;touch x", "a\0b", "\ud800"])
def test_nothing_but_a_full_hash_is_a_commit(acme: Repository, base: str) -> None:
    found = compare(copy_of(acme), base, acme.git("rev-parse", "HEAD"))
    assert base == "" or not found.is_known


def test_unrelated_histories_are_not_compared(acme: Repository) -> None:
    acme.git("checkout", "--quiet", "--orphan", "other")
    acme.commit("feat: anew")
    assert "share no history" in difference(acme, "v1.1.0").why


def test_a_shallow_copy_is_not_taken_for_the_whole(acme: Repository, tmp_path: Path) -> None:
    acme.git("clone", "--quiet", "--depth=1", f"file://{acme.folder}", str(tmp_path / "shallow"))
    shallow = Repository(tmp_path / "shallow")
    assert "a shallow copy that lacks older commits" in difference(shallow, None).why
    shallow.git("fetch", "--quiet", "--unshallow")
    assert difference(shallow, None).count == 4


@pytest.mark.parametrize(
    ("encoding", "subject"), [("iso-8859-1", "Grüße"), ("shift_jis", "日本語"), ("koi8-r", "Привет")]
)
def test_subjects_in_other_encodings_are_read(acme: Repository, encoding: str, subject: str) -> None:
    acme.raw(subject.encode(encoding), extra=f"encoding {encoding}\n".encode())
    assert difference(acme, "HEAD~1").commits[0].endswith(subject)


@pytest.mark.parametrize(
    "message",
    [
        b"\xff\xfe not text",
        b"a\x00b Co-authored-by: x",
        b"\x1b[31mred\x07\r\nbody",
        b"\xe2\x80\xaeedirb\n",
        b"",
        b"\n\n\n",
        b"x" * 2**20,
        b"subject\n\n" + b"y" * 2**20,
        b"subject\n\n" + b"Co-authored-by: Mia <mia@example.com>\n" * 10_000,
    ],
)
def test_odd_messages_break_nothing(acme: Repository, message: bytes) -> None:
    acme.raw(message)
    found = difference(acme, "HEAD~1")
    assert (found.count, found.why) == (1, "")
    assert "ada@example.com" in found.authors
    assert all(len(commit) <= 300 and commit.isprintable() for commit in found.commits)
    Difference.model_validate_json(found.model_dump_json())


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        (b"Ada <ADA@Example.COM>", "ada@example.com"),
        (b"Ada < ada@example.com >", "ada@example.com"),
        (b"Ada <>", "ada"),
        (b"\xfc <\xfc@example.com>", "\ufffd@example.com"),
        (b"A <a\x01\x1fb@example.com>", "a"),
        (b"A <" + b"x" * 10_000 + b">", "x" * 10),
    ],
)
def test_odd_authors_are_kept_in_one_way(acme: Repository, author: bytes, expected: str) -> None:
    acme.raw(b"odd", author)
    (found,) = difference(acme, "HEAD~1").authors
    assert found.startswith(expected)
    assert len(found) <= 254
    assert found.isprintable()


def test_an_author_cannot_hide_behind_a_mailmap(acme: Repository) -> None:
    acme.commit("chore: map", {".mailmap": "Ben <ben@example.com> <ada@example.com>\n"}, by=ADA)
    assert difference(acme, "HEAD~1").authors == ("ada@example.com",)


def test_a_renamed_file_is_both_of_its_names(acme: Repository) -> None:
    acme.git("mv", "src/app.py", "docs/app.py")
    acme.commit("refactor: move")
    assert difference(acme, "HEAD~1").files == ("docs/app.py", "src/app.py")


def test_odd_file_names_are_kept_whole(acme: Repository) -> None:
    names = ["docs/größe.md", "docs/two\nlines.md", 'docs/"quoted".md', "-rf", "src/ü b.py", " "]
    acme.commit("odd", dict.fromkeys(names, "x\n"))
    assert set(difference(acme, "HEAD~1").files) == set(names)


def test_more_than_can_be_kept_says_so(acme: Repository) -> None:
    acme.commit("big", {f"src/{number}.py": "x\n" for number in range(2_100)})
    for number in range(110):
        acme.raw(f"commit {number}".encode(), b"Ada <ada%d@example.com>" % number)
    found = difference(acme, "HEAD~111")
    assert (len(found.files), found.all_files) == (2_000, False)
    assert (found.count, len(found.commits), len(found.authors)) == (111, 100, 111)
    assert len(found.text) == 20_000


def test_more_authors_than_can_be_kept_are_nobody_known(acme: Repository) -> None:
    lines = b"".join(b"Co-authored-by: M <m%d@example.com>\n" % number for number in range(2_001))
    acme.raw(b"crowd\n\n" + lines)
    assert "2002 people wrote it" in difference(acme, "HEAD~1").why


def test_nothing_of_the_repository_runs(acme: Repository, tmp_path: Path) -> None:
    owned = tmp_path / "owned"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {owned}\n")
    program.chmod(0o755)
    hooks = acme.folder / ".git" / "hooks"
    hooks.mkdir()
    for name in ("post-update", "reference-transaction", "post-checkout", "pre-auto-gc"):
        (hooks / name).symlink_to(program)
    for key in ("diff.x.command", "diff.x.textconv", "diff.external", "core.fsmonitor", "filter.x.clean"):
        acme.git("config", key, str(program))
    acme.commit("attributes", {".gitattributes": "* diff=x filter=x\n"}, by=ADA)
    owned.unlink(missing_ok=True)
    assert difference(acme, "v1.0.0").is_known
    assert not owned.exists()


def test_a_comparison_ends_when_its_time_is_over(acme: Repository) -> None:
    at, head = copy_of(acme), acme.git("rev-parse", "HEAD")
    late = Mirror(at.folder, at.address, time.monotonic() - 1, {})
    assert "the time was over" in compare(late, None, head).why
