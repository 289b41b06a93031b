"""A repository of strangers, whose settings would run a program: looking at it runs none, and says what it lacks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checklists.errors import LaunchError
from deployments.command import run
from tasks.changes.git import GitFailed
from tasks.changes.history import NoHistory
from tasks.changes.mirror import mirror
from tasks.notes.from_git import draft
from tasks.settings import Settings
from tests.tasks.changes.repository import Repository, repository

LACKING = "this is a partial clone that lacks what is asked; complete it with git fetch --refetch --no-filter"
SETTINGS = [
    ("core.fsmonitor", "{run}"),
    ("core.pager", "{run}"),
    ("pager.log", "{run}"),
    ("core.editor", "{run}"),
    ("core.sshCommand", "{run}"),
    ("core.gitProxy", "{run}"),
    ("core.askPass", "{run}"),
    ("core.alternateRefsCommand", "{run}"),
    ("core.hooksPath", "{hooks}"),
    ("credential.helper", "!{run}"),
    ("alias.log", "!{run}"),
    ("alias.cat-file", "!{run}"),
    ("alias.for-each-ref", "!{run}"),
    ("diff.external", "{run}"),
    ("diff.strange.command", "{run}"),
    ("diff.strange.textconv", "{run}"),
    ("filter.strange.smudge", "{run}"),
    ("filter.strange.process", "{run}"),
    ("gpg.program", "{run}"),
    ("gpg.ssh.program", "{run}"),
    ("trailer.strange.cmd", "{run}"),
    ("trailer.strange.command", "{run}"),
    ("uploadpack.packObjectsHook", "{run}"),
    ("maintenance.strategy", "incremental"),
    ("include.path", "{included}"),
]
SIGNED = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n"


@pytest.fixture
def strange(tmp_path: Path) -> Repository:
    """Fragments, a package, a signed commit, and attributes that name a driver."""
    made = repository(tmp_path / "strange")
    made.git("config", "uploadpack.allowFilter", "true")
    made.commit("begin", {".gitattributes": "* diff=strange filter=strange\n", "pkg/package.json": '{"name": "it"}'})
    made.git("tag", "v1.0.0")
    made.commit("feat: more", {".changeset/cats.md": '---\n"it": minor\n---\n\nAt once.\n', "pkg/a": "1"})
    made.raw(b"fix: signed\n\nstrange: trailer\n", extra=SIGNED)
    made.git("tag", "v1.1.0")
    return made


@pytest.fixture
def owned(tmp_path: Path) -> Path:
    """The program, which leaves this file behind."""
    script = tmp_path / "run"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/owned\n")
    script.chmod(0o755)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc", "fsmonitor-watchman"):
        (hooks / name).symlink_to(script)
    (tmp_path / "included").write_text(f"[diff]\n\texternal = {script}\n[core]\n\tfsmonitor = {script}\n")
    return tmp_path / "owned"


def look_everywhere(made: Repository, home: Path) -> None:
    """Everything that is asked of a folder: its notes, of the whole and of a part, and its copy."""
    for more in ([], ["--path=pkg"], ["--each"], ["--check"]):
        run(["notes", "v1.0.0..v1.1.0", "--repo", str(made.folder), "--audience=internal", *more])
    at = mirror(Settings(_env_file=None, home=home), str(made.folder), 30)
    at.fetch()
    assert at.commit_of("v1.1.0")
    assert at.remote_tags().keys() == {"v1.0.0", "v1.1.0"}


@pytest.mark.parametrize(("name", "value"), SETTINGS, ids=[name for name, _ in SETTINGS])
def test_no_setting_of_a_repository_runs_a_program(
    name: str, value: str, strange: Repository, owned: Path, tmp_path: Path
) -> None:
    strange.git("config", "log.showSignature", "true")
    strange.git("config", "remote.origin.url", "ssh://git@git.invalid/x")
    strange.git(
        "config", name, value.format(run=tmp_path / "run", hooks=tmp_path / "hooks", included=tmp_path / "included")
    )
    look_everywhere(strange, tmp_path / "home")
    assert not owned.exists()


def partial(strange: Repository, folder: Path, kind: str = "blob:none") -> Repository:
    strange.git("clone", "--quiet", "--no-checkout", f"--filter={kind}", f"file://{strange.folder}", str(folder))
    return Repository(folder)


@pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
@pytest.mark.parametrize("remote", ["{source}", "file://{source}", "ssh://git@git.invalid/x", "ext::{run}", "gone:x"])
def test_what_a_partial_clone_lacks_is_not_fetched_by_the_program_it_names(
    kind: str, remote: str, strange: Repository, owned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = partial(strange, tmp_path / "partial", kind)
    made.git("config", "remote.origin.url", remote.format(source=strange.folder, run=tmp_path / "run"))
    made.git("config", "remote.origin.uploadpack", f"{tmp_path}/run; git-upload-pack")
    made.git("config", "core.sshCommand", str(tmp_path / "run"))
    made.git("config", "protocol.allow", "always")
    assert run(["notes", "v1.0.0..v1.1.0", "--repo", str(made.folder), "--path=pkg"]) == 1
    assert LACKING in capsys.readouterr().err
    assert not owned.exists()


def test_a_package_file_that_a_partial_clone_lacks_is_not_taken_for_none(strange: Repository, tmp_path: Path) -> None:
    made = partial(strange, tmp_path / "partial")
    with pytest.raises(NoHistory, match="partial clone"):
        draft(made.folder, "v1.0.0..v1.1.0", folder="pkg")
    made.git("fetch", "--quiet", "--refetch", "--no-filter")
    assert "At once." in [one.title for one in draft(made.folder, "v1.0.0..v1.1.0", folder="pkg").changes]


def test_what_is_there_of_a_partial_clone_is_told(tmp_path: Path) -> None:
    source = repository(tmp_path / "source")
    source.git("config", "uploadpack.allowFilter", "true")
    source.commit("begin", {"a": "1"})
    source.git("tag", "v1.0.0")
    source.commit("feat: more", {"a": "2"})
    made = partial(source, tmp_path / "partial")
    assert [one.title for one in draft(made.folder, "v1.0.0..HEAD").changes] == ["more"]


def test_no_copy_is_made_of_a_partial_clone_and_its_program_does_not_run(
    strange: Repository, owned: Path, tmp_path: Path
) -> None:
    made = partial(strange, tmp_path / "partial")
    made.git("config", "remote.origin.uploadpack", f"{tmp_path}/run; git-upload-pack")
    with pytest.raises(GitFailed, match="partial clone"):
        mirror(Settings(_env_file=None, home=tmp_path / "home"), str(made.folder), 30).fetch()
    assert not owned.exists()


def test_a_repository_of_somebody_else_is_not_read_by_command(strange: Repository) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder to somebody else")
    for found in (strange.folder, *strange.folder.rglob("*")):
        os.chown(found, 12345, 12345, follow_symlinks=False)
    with pytest.raises(LaunchError, match="dubious ownership"):
        draft(strange.folder, "v1.0.0..v1.1.0")
