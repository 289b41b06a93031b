"""What counts as one change, and what does not count at all."""

from __future__ import annotations

from checklists.notes.change import Author, Change
from checklists.notes.collecting import Collected, collect, merged
from checklists.notes.commit import Commit


def commit(hash_: str, subject: str, rest: str = "", parents: str = "", name: str = "Ada") -> Commit:
    """`hash_` is one letter; parents are letters, too."""
    mail = f"{name.lower()}@example.com"
    return Commit(hash_ * 40, tuple(one * 40 for one in parents), name, mail, 0, subject, rest)


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
