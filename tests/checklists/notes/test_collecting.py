"""What counts as one change, and what does not count at all."""

from __future__ import annotations

import pytest

from checklists.notes.change import AUDIENCES, Author, Change
from checklists.notes.collecting import Collected, collect, merged
from checklists.notes.commit import Commit


def commit(hash_: str, subject: str, rest: str = "", parents: str = "", name: str = "Ada") -> Commit:
    """`hash_` is one letter; parents are letters, too."""
    mail = f"{name.lower()}@example.com"
    return Commit(hash_ * 40, tuple(one * 40 for one in parents), name, mail, subject, rest)


def titles(found: Collected) -> list[str]:
    return [change.title for change in found.changes]


def test_commits_of_one_line_are_changes_of_their_own() -> None:
    found = collect([commit("b", "feat: two", parents="a"), commit("a", "one")])
    assert [(change.type, change.title) for change in found.changes] == [("feat", "two"), ("unsorted", "one")]
    assert found.commits == 2


def test_a_squash_merge_is_the_pull_request() -> None:
    found = collect([commit("a", "feat(api): export reports (#41)", "* wip\n\n* more")])
    assert found.changes[0] == Change(
        id="#41", title="export reports", source="pull-request", type="feat", scope="api", references=("#41",),
        authors=(Author("Ada", "ada@example.com"),), commits=("a" * 40,),
    )  # fmt: skip


PULL = [
    commit("d", "Merge pull request #12 from ada/exports", "Export reports\n\nEvery night.", "ac", "Eva"),
    commit("c", "fix: typo", parents="b", name="Ben"),
    commit("b", "feat!: export", "BREAKING CHANGE: the old export is gone", "a", "Ada"),
    commit("a", "docs: begin"),
]


def test_a_merged_pull_request_counts_once_with_all_that_its_commits_say() -> None:
    whole, begin = collect(PULL).changes
    assert (whole.id, whole.title, whole.type, whole.is_breaking) == ("#12", "Export reports", "feat", True)
    assert whole.breaks == "the old export is gone"
    assert [author.name for author in whole.authors] == ["Ben", "Ada"]
    assert len(whole.commits) == 3
    assert begin.title == "begin"


@pytest.mark.parametrize(
    ("commits", "type_"),
    [
        (["ci: build it", "docs: explain"], "docs"),
        (["docs: explain", "cmake: check", "ci: build it"], "unsorted"),
        (["test: see that it writes", "odb: write"], "unsorted"),
        (["fix: stop", "cmake: check", "cmake: look", "cmake: build it"], "fix"),
        (["fix: stop", "feat: begin"], "feat"),
        (['Revert "Say that it stands"'], "unsorted"),
        (['Revert "Say that it stands"', "test: see that it does"], "test"),
    ],
)
def test_a_pull_request_is_what_the_weightiest_of_its_commits_says(commits: list[str], type_: str) -> None:
    letters = "abcdefgh"[: len(commits) + 1]
    parts = [commit(letters[n + 1], said, parents=letters[n]) for n, said in enumerate(commits)]
    merge = commit("m", "Merge pull request #12 from ada/x", "Choose what to build with", f"a{letters[-1]}")
    (whole,) = collect([merge, *reversed(parts)]).changes
    assert (whole.type, whole.title) == (type_, "Choose what to build with")


def test_a_co_author_is_named_in_one_line() -> None:
    said = "why\n\nCo-authored-by: Ben <ben@example.com>\r\n(cherry picked from commit 85897eddc6d3)\n"
    (change,) = collect([commit("a", "fix: one", said)]).changes
    assert change.authors == (Author("Ada", "ada@example.com"), Author("Ben", "ben@example.com"))


def test_a_merge_request_is_known_by_its_number() -> None:
    merge = commit("m", "Merge branch 'x' into 'main'", "Export reports\n\nSee merge request acme/app!7", "ab")
    found = collect([merge, commit("b", "wip", parents="a"), commit("a", "one")])
    assert [(change.id, change.title) for change in found.changes] == [
        ("!7", "Export reports"),
        (found.changes[1].id, "one"),
    ]


def test_a_merge_of_branches_is_no_change_and_its_commits_are() -> None:
    found = collect(
        [commit("m", "Merge branch 'topic'", parents="ab"), commit("b", "two", parents="a"), commit("a", "one")]
    )
    assert titles(found) == ["two", "one"]


def test_the_main_line_that_a_branch_merged_stays_the_main_line() -> None:
    """m merges the pull request c, which had merged main's b before."""
    found = collect(
        [
            commit("m", "Merge pull request #1 from x", "A feature", "bc"),
            commit("c", "Merge branch 'main' into x", parents="db"),
            commit("b", "fix: on main", parents="a"),
            commit("d", "wip", parents="a"),
            commit("a", "one"),
        ]
    )
    assert titles(found) == ["A feature", "on main", "one"]


def test_what_was_taken_back_is_gone_together_with_what_took_it_back() -> None:
    revert = commit("c", 'Revert "feat: two"', f"This reverts commit {'b' * 40}.", "b")
    found = collect([revert, commit("b", "feat: two", parents="a"), commit("a", "one")])
    assert (titles(found), found.reverted) == (["one"], 1)


def test_what_was_taken_back_and_brought_back_is_there() -> None:
    again = commit("d", 'Reapply "feat: two"', f"This reverts commit {'c' * 40}.", "c")
    revert = commit("c", 'Revert "feat: two"', f"This reverts commit {'b' * 40}.", "b")
    assert titles(collect([again, revert, commit("b", "feat: two", parents="a")])) == ["two"]


def test_taking_back_something_older_is_a_change() -> None:
    found = collect([commit("b", 'Revert "feat: old"', f"This reverts commit {'9' * 40}.")])
    assert [(change.type, change.title) for change in found.changes] == [("revert", 'Revert "feat: old"')]


def test_a_pull_request_taken_back_by_another_is_gone() -> None:
    back = commit("c", 'Revert "Exports (#12)" (#13)', "Reverts example-org/acme#12", "b")
    assert titles(collect([back, commit("b", "Exports (#12)", parents="a"), commit("a", "one")])) == ["one"]


def test_a_merge_taken_back_takes_its_commits_along() -> None:
    back = commit("z", 'Revert "Merge pull request #12"', f"This reverts commit {'d' * 40}, reversing\nchanges", "d")
    assert titles(collect([back, *PULL])) == ["begin"]


def test_a_fragment_says_it_better_than_the_title() -> None:
    change, alone = merged(
        [Change("#41", "wip exports", type="feat", notes={"admin": "Set the folder."})],
        [
            Change(
                "#41", "Reports are exported every night", "fragment", "feat", notes={"admin": "no", "internal": "x"}
            ),
            Change("+other", "Something else", "fragment", "fix"),
        ],
    )
    assert (change.title, change.notes) == (
        "Reports are exported every night",
        {"admin": "Set the folder.", "internal": "x"},
    )
    assert alone.title == "Something else"


def test_a_fragment_is_about_the_change_that_brought_it() -> None:
    """Its number may be an issue's. Of several that came together each is told, with who wrote them."""
    author = (Author("Ada"),)
    change = Change("#40", "wip", "pull-request", "fix", references=("#40",), authors=author, commits=("a" * 40,))
    fragments = [
        Change("#12", "Errors say why", "fragment", "fix", references=("#12",), commits=("a" * 40,)),
        Change("+more", "Limits hold", "fragment", "feat", commits=("a" * 40,)),
        Change("#99", "Older", "fragment", "fix", references=("#99",), commits=("b" * 40,)),
    ]
    first, second, older = merged([change], fragments)
    assert (first.id, first.title, first.references) == ("#40", "Errors say why", ("#40", "#12"))
    assert (second.id, second.title, second.references, second.authors) == ("+more", "Limits hold", ("#40",), author)
    assert (older.id, older.references, older.authors) == ("#99", ("#99",), ())


def test_each_audience_sees_what_concerns_it() -> None:
    changes = [
        Change("a", "new", type="feat"),
        Change("b", "tidy", type="refactor"),
        Change("c", "key renamed", type="refactor", is_breaking=True),
        Change("d", "said", type="chore", notes={"customer": "Faster."}),
        Change("e", "silent", type="feat", notes={"customer": "NONE"}),
        Change("f", "whatever"),
    ]
    seen = {who: "".join(one.id for one in changes if who in one.concerns) for who in ("customer", "admin", "internal")}
    assert seen == {"customer": "ad", "admin": "ace", "internal": "abcdef"}


def one(subject: str, rest: str = "") -> Change:
    (change,) = collect([commit("a", subject, rest)]).changes
    return change


def test_a_pull_request_that_takes_back_another_is_gone_with_it() -> None:
    """Merged, not squashed: what reverts is a commit within it."""
    found = collect(
        [
            commit("m", "Merge pull request #31 from ada/back", "Take exports back", "cb"),
            commit("b", 'Revert "feat: exports"', f"This reverts commit {'d' * 40}.", "c"),
            commit("c", "Merge pull request #30 from ben/exports", "Exports", "ad"),
            commit("d", "feat: exports", parents="a"),
            commit("a", "one"),
        ]
    )
    assert titles(found) == ["one"]


@pytest.mark.parametrize(
    ("subject", "type_", "title"),
    [
        ("TLS: v1.2 and updated cipher list", "unsorted", "TLS: v1.2 and updated cipher list"),
        ("typo: an a too many", "unsorted", "typo: an a too many"),
        ("win32: avoid a crash (#12)", "unsorted", "win32: avoid a crash"),
        ("[9.x] fix: a crash", "fix", "a crash"),
        ("[PR #14343/95d8423b backport][9.0.x] fix: a crash (#14350)", "fix", "a crash"),
        ("[Backport release-2.x] feat(api): exports", "feat", "exports"),
        ("[api] one", "unsorted", "[api] one"),
        ("  feat: exports", "feat", "exports"),
        ("ci: cache", "ci", "cache"),
    ],
)
def test_what_no_convention_knows_keeps_all_its_words(subject: str, type_: str, title: str) -> None:
    change = one(subject)
    assert (change.type, change.title) == (type_, title)


def test_what_no_convention_knows_may_break_as_well() -> None:
    change = one("kernel!: another call", "BREAKING CHANGE: call the new one")
    assert (change.type, change.title, change.is_breaking) == ("unsorted", "kernel!: another call", True)
    assert change.breaks == "call the new one"


@pytest.mark.parametrize(
    "subject",
    [
        "Version Packages",
        "Version Packages (#1897)",
        "Bump for release",
        "Bump for development (#13780)",
        "chore: release 2.0.0",
        "v2.0.0",
    ],
)
def test_a_release_commit_is_told_to_nobody(subject: str) -> None:
    assert one(subject).type == "release"


@pytest.mark.parametrize("subject", ["Bump for dear life", "Version packages by hand", "Release the brakes"])
def test_what_only_sounds_like_a_release_is_told(subject: str) -> None:
    assert one(subject).type == "unsorted"


def test_a_merge_that_was_squashed_has_its_title_in_the_body() -> None:
    change = one("Merge pull request #12378 from X/y (#14282)", "Open long reports faster\n\nMuch.")
    assert (change.id, change.title) == ("#14282", "Open long reports faster")


def test_a_merge_without_words_is_called_as_its_only_commit() -> None:
    part = commit("b", "fix: free the buffer", parents="a")
    merge = commit("m", "Merge pull request #7 from ada/patch-1", "", "ab")
    assert titles(collect([merge, part, commit("a", "one")])) == ["free the buffer", "one"]
    more = commit("c", "wip", parents="b")
    merge = commit("m", "Merge pull request #7 from ada/free-buffers", "", "ac")
    assert titles(collect([merge, more, part, commit("a", "one")])) == ["free buffers", "one"]


@pytest.mark.parametrize(
    ("name", "mail", "is_bot"),
    [
        ("github-actions", "github-actions@github.com", True),
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", True),
        ("Abbot", "abbot@example.com", False),
    ],
)
def test_a_bot_is_known_by_its_name(name: str, mail: str, is_bot: bool) -> None:
    assert Author(name, mail).is_bot is is_bot


def test_numbers_behind_a_title_are_references_and_the_last_is_its_own() -> None:
    change = one("fix: free the buffer (#5) (#6)")
    assert (change.id, change.title, change.references) == ("#6", "free the buffer", ("#6", "#5"))


def test_a_fragment_that_cannot_be_read_leaves_the_change_its_words_and_keeps_it_from_passing() -> None:
    brought = Change("a1b2c3d", "export at night", type="chore", commits=("a1b2c3d",))
    broken = Change(
        "x", "x cannot be read", "fragment", audiences=AUDIENCES, commits=("a1b2c3d",), problem="x:1: no YAML"
    )
    (told,) = merged([brought], [broken])
    assert (told.title, told.type, told.concerns) == ("export at night", "chore", AUDIENCES)
    assert told.problem == "x:1: no YAML"
