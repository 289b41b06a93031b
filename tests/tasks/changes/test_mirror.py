"""Copies of real repositories: brought up to date, by many at once, after kills, and never by way of a trick."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from tasks.changes.git import GitFailed
from tasks.changes.mirror import Mirror, mirror
from tasks.settings import ROOT, Settings
from tests.tasks.changes.repository import Repository, released
from tests.tasks.checks import tls
from tests.tasks.checks.site import Site, redirects, says

LOOPBACK = ("127.0.0.0/8", "::1/128")
TOKEN = "not-a-real-token"
ODD_TAGS = ["release/2026/v1", "größe", "日本語", "t" * 250, "v1.0.0^nope".replace("^", "+"), "HEAD", "deadbee"]
ODD_TAGS += [f"odd{sign}name" for sign in "\x85\x9b\u2028\u2029\u202e"]  # which other programs take for line ends


@pytest.fixture
def acme(tmp_path: Path) -> Repository:
    return released(tmp_path / "acme")


def settings(folder: Path, **more: object) -> Settings:
    return Settings.model_validate({"home": folder / "home", "organisation": folder / "organisation.yaml", **more})


def copy_of(source: Repository, patience: float = 30) -> Mirror:
    return mirror(settings(source.folder.parent), str(source.folder), patience)


def fetched(source: Repository) -> Mirror:
    at = copy_of(source)
    at.fetch()
    return at


def test_a_copy_lies_in_home_and_is_found_again(acme: Repository, tmp_path: Path) -> None:
    at = fetched(acme)
    assert at.folder.parent == tmp_path / "home" / "mirrors"
    assert copy_of(acme).folder == at.folder
    assert at.tags() == ["v1.0.0", "v1.1.0"]


def test_a_tag_leads_to_its_commit(acme: Repository) -> None:
    at = fetched(acme)
    assert at.commit_of("v1.1.0") == acme.git("rev-parse", "v1.1.0^{commit}") != acme.git("rev-parse", "v1.1.0")
    assert at.commit_of("v9") is None


def test_the_next_look_brings_only_what_is_new(acme: Repository) -> None:
    at = fetched(acme)
    first = {file for file in at.folder.rglob("objects/*/*") if file.is_file()}
    new = acme.commit("feat: more", {"src/app.py": "three\n"})
    acme.tag("v1.2.0")
    again = fetched(acme)
    assert again.commit_of("v1.2.0") == new
    added = {file for file in at.folder.rglob("objects/*/*") if file.is_file()} - first
    assert 0 < len(added) < len(first)


def test_a_moved_tag_and_a_lost_one_are_seen(acme: Repository) -> None:
    fetched(acme)
    acme.tag("v1.1.0", "HEAD")
    acme.git("tag", "--delete", "v1.0.0")
    again = fetched(acme)
    assert again.commit_of("v1.1.0") == acme.git("rev-parse", "HEAD")
    assert again.tags() == ["v1.1.0"]


def test_a_branch_that_was_pushed_with_force_leaves_the_old_commits(acme: Repository) -> None:
    old = acme.git("rev-parse", "HEAD")
    fetched(acme)
    acme.git("reset", "--quiet", "--hard", "v1.0.0")
    new = acme.commit("feat: another way")
    again = fetched(acme)
    assert (again.has(old), again.has(new)) == (True, True)


def test_a_commit_no_branch_leads_to_is_asked_for_by_its_hash(acme: Repository) -> None:
    old = acme.git("rev-parse", "HEAD")
    acme.git("reset", "--quiet", "--hard", "v1.0.0")
    at = fetched(acme)
    assert not at.has(old)
    assert at.bring(old)
    assert not at.bring("0" * 40)
    assert not at.bring("v1.0.0")


def test_a_branch_may_become_a_folder_of_branches(acme: Repository) -> None:
    acme.git("branch", "fix")
    fetched(acme)
    acme.git("branch", "--delete", "--quiet", "fix")
    acme.git("branch", "fix/one")
    acme.tag("v1.2.0")
    assert "v1.2.0" in fetched(acme).tags()


def test_odd_tags_are_read(acme: Repository) -> None:
    for tag in ODD_TAGS:
        acme.tag(tag)
    acme.git("update-ref", "refs/tags/-rf", "HEAD")
    at, head = fetched(acme), acme.git("rev-parse", "HEAD")
    tags = {*ODD_TAGS, "-rf", "v1.0.0", "v1.1.0"}
    assert {at.commit_of(tag) for tag in (*ODD_TAGS, "-rf")} == {head}
    assert [set(found) for found in (at.tags(), at.dated_tags(), at.remote_tags())] == [tags] * 3


@pytest.mark.parametrize(
    "tag",
    [
        "--help",
        "-rf",
        "v1.0.0^",
        "v1.0.0~1",
        "../heads/main",
        "v1.*",
        "@{-1}",
        "a\0b",
        "a\nb",
        "",
        "\ud800",
        "x" * 5_000,
    ],
)
def test_no_tag_is_more_than_a_name(acme: Repository, tag: str) -> None:
    at = fetched(acme)
    try:
        assert at.commit_of(tag) is None
    except GitFailed as error:
        assert "cannot be asked" in str(error)


@pytest.mark.parametrize("size", [7, 12, 40])
def test_a_short_hash_is_made_whole(acme: Repository, size: int) -> None:
    head = acme.git("rev-parse", "HEAD")
    assert fetched(acme).full(head[:size]) == head


def test_what_is_no_hash_is_not_a_commit(acme: Repository) -> None:
    acme.tag("deadbee")
    acme.git("branch", "abcdef12")
    at = fetched(acme)
    for name in ("deadbee", "abcdef12", "main", "HEAD", "v1.0.0", "", "--all", "123456", "ABCDEF12"):
        assert at.full(name) is None


@pytest.mark.parametrize(
    "address",
    ["--upload-pack=touch {owned}", "-utouch {owned}", "ext::sh -c touch% {owned}", "fd::3", "git://127.0.0.1:9/x"],
)
def test_no_address_runs_a_program(tmp_path: Path, address: str) -> None:
    """The organisation file refuses them; here they are harmless all the same."""
    owned = tmp_path / "owned"
    at = mirror(settings(tmp_path), "/nowhere", 10)
    with pytest.raises(GitFailed):
        Mirror(at.folder, address.format(owned=owned), at.deadline, {}).fetch()
    assert not owned.exists()


def test_a_folder_is_meant_from_where_the_organisation_file_lies(acme: Repository, tmp_path: Path) -> None:
    at = mirror(settings(tmp_path), "acme", 30)
    at.fetch()
    assert at.address == str(acme.folder)
    assert at.folder == copy_of(acme).folder


def test_a_folder_of_somebody_else_is_read_too(acme: Repository) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder to somebody else")
    for found in (acme.folder, *acme.folder.rglob("*")):
        os.chown(found, 12345, 12345)
    assert "v1.1.0" in fetched(acme).tags()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("{}/nothing", "does not appear to be a git repository"),
        ("https://127.0.0.1:9/acme.git", "127.0.0.1"),
        ("ssh://git@127.0.0.1:9/acme.git", "Could not read from remote repository"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, address: str, said: str) -> None:
    at = mirror(settings(tmp_path), address.format(tmp_path), 20, LOOPBACK)
    with pytest.raises(GitFailed, match=said):
        at.fetch()


def test_a_server_that_hangs_is_left_in_time(tmp_path: Path) -> None:
    script = tmp_path / "ssh"
    script.write_text("#!/bin/sh\nexec sleep 600\n")
    script.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_SSH_COMMAND", str(script))
        at = mirror(settings(tmp_path), "git@git.example.com:acme.git", 1)
        began = time.monotonic()
        with pytest.raises(GitFailed, match="in time"):
            at.fetch()
    assert time.monotonic() - began < 10
    assert not [line for line in processes() if "sleep 600" in line]


def processes() -> list[str]:
    return subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout.splitlines()


def test_without_git_that_is_said(acme: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitFailed, match="git was not found on this machine"):
        copy_of(acme).fetch()


def test_many_at_once_are_one_after_the_other(acme: Repository) -> None:
    with ThreadPoolExecutor(8) as pool:
        copies = list(pool.map(lambda _: fetched(acme), range(8)))
    assert {tuple(at.tags()) for at in copies} == {("v1.0.0", "v1.1.0")}


def test_who_waits_for_another_fetch_still_sees_what_came_after_that_one_began(acme: Repository) -> None:
    at = fetched(acme)
    begun = at.folder.with_suffix(".fetched").stat().st_mtime
    assert begun <= time.time()
    acme.tag("v1.2.0")
    assert "v1.2.0" in fetched(acme).tags()


HOLDER = """
import sys, time
from pathlib import Path
from tasks.changes.mirror import Mirror
with Mirror(Path(sys.argv[1]), "x", time.monotonic() + 60, {})._alone():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_copy_somebody_works_on_is_waited_for_in_vain_and_a_killed_one_leaves_it(acme: Repository) -> None:
    at = fetched(acme)
    words = [sys.executable, "-c", HOLDER, str(at.folder)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(GitFailed, match="still being brought up to date"):
            copy_of(acme, patience=0.3).fetch()
        holder.send_signal(signal.SIGKILL)
    (at.folder / "packed-refs.lock").touch()
    (at.folder / "refs" / "tags" / "v9.lock").touch()
    acme.tag("v1.2.0")
    assert "v1.2.0" in fetched(acme).tags()


def test_our_own_secrets_are_not_gits(acme: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "ssh"
    script.write_text(f'#!/bin/sh\nenv > {tmp_path}/env\necho "$@" > {tmp_path}/words\nexit 1\n')
    script.chmod(0o755)
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.not-a-key")
    monkeypatch.setenv("TMINUS_GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GIT_DIR", str(acme.folder / ".git"))
    monkeypatch.setenv("GIT_TRACE_CURL", "1")
    monkeypatch.setenv("GIT_SSH_COMMAND", str(script))
    at = mirror(settings(tmp_path, github_token=SecretStr(TOKEN)), "git@github.com:example-org/acme.git", 10)
    with pytest.raises(GitFailed):
        at.fetch()
    told = (tmp_path / "env").read_text()
    for secret in ("SG.not-a-key", TOKEN, base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode(), "TRACE"):
        assert secret not in told
    assert "git@github.com" in (tmp_path / "words").read_text()


@pytest.fixture
def https(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Site]:
    certificate = tls.certificate(tmp_path, "localhost")
    monkeypatch.setenv("GIT_SSL_CAINFO", str(certificate))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return lambda: Site(tls=tls.server(certificate))


def failed(at: Mirror) -> str:
    with pytest.raises(GitFailed) as error:
        at.fetch()
    return str(error.value)


def test_the_token_goes_to_the_github_it_is_for(tmp_path: Path, https: Callable[[], Site]) -> None:
    with https() as site, https() as other:
        for one in (site, other):
            one.pages["/acme.git/info/refs"] = says(401)
        given = settings(tmp_path, github_token=SecretStr(TOKEN), github_api="https://api.localhost")
        said = failed(mirror(given, site.at("/acme.git", "localhost"), 10, LOOPBACK))
        failed(mirror(given, other.at("/acme.git", "127.0.0.1"), 10, LOOPBACK))
    shown = base64.b64decode(site.headers[0]["Authorization"].removeprefix("Basic ")).decode()
    assert shown == f"x-access-token:{TOKEN}"
    assert TOKEN not in said
    assert all("Authorization" not in headers for headers in other.headers)


def test_the_token_follows_no_redirect(tmp_path: Path, https: Callable[[], Site]) -> None:
    with https() as site, https() as other:
        site.pages["/acme.git/info/refs"] = redirects(
            other.at("/acme.git/info/refs?service=git-upload-pack", "localhost")
        )
        given = settings(tmp_path, github_token=SecretStr(TOKEN), github_api="https://api.localhost")
        failed(mirror(given, site.at("/acme.git", "localhost"), 10, LOOPBACK))
        assert len(site.asked) >= 1
        assert other.asked == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("look", [Mirror.fetch, Mirror.remote_tags])
def test_no_redirect_leads_elsewhere(
    tmp_path: Path, https: Callable[[], Site], status: int, look: Callable[[Mirror], object]
) -> None:
    """Whoever runs the host of the address would choose where in the house git asks next."""
    with https() as site, https() as inner:
        site.pages["/acme.git/info/refs"] = redirects(
            inner.at("/acme.git/info/refs?service=git-upload-pack", "localhost"), status
        )
        with pytest.raises(GitFailed, match=f"error: {status}.* leads elsewhere; name the address it leads to"):
            look(mirror(settings(tmp_path), site.at("/acme.git", "localhost"), 10, LOOPBACK))
        assert site.asked == ["GET /acme.git/info/refs?service=git-upload-pack"]
        assert inner.asked == []


def test_a_name_that_nobody_knows_is_not_left_to_git(tmp_path: Path, https: Callable[[], Site]) -> None:
    """It may be known to git a moment later, and be a host of the house."""
    with https() as site:
        said = failed(mirror(settings(tmp_path), site.at("/acme.git", "git.invalid"), 10))
    assert said == "the name git.invalid is not known; correct it, or set https_proxy where only a proxy knows it"


def test_where_a_proxy_is_the_way_out_it_knows_the_names(
    tmp_path: Path, https: Callable[[], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    del https  # the settings of whoever runs this are out of the way
    monkeypatch.setenv("no_proxy", "house.invalid")
    with Site() as proxy:
        monkeypatch.setenv("https_proxy", proxy.at(""))
        failed(mirror(settings(tmp_path), "https://git.invalid/acme.git", 10))
        said = failed(mirror(settings(tmp_path), "https://git.house.invalid/acme.git", 10))
    assert "git.house.invalid is not known" in said
    assert any("CONNECT git.invalid:443" in line for line in proxy.asked)


def test_nobody_reads_the_token_in_a_list_of_processes_or_in_a_file(tmp_path: Path, https: Callable[[], Site]) -> None:
    seen: list[str] = []
    with https() as site:

        def look(visit: object) -> None:
            seen.extend(processes())
            says(401)(visit)  # type: ignore[arg-type]

        site.pages["/acme.git/info/refs"] = look
        given = settings(tmp_path, github_token=SecretStr(TOKEN), github_api="https://api.localhost")
        at = mirror(given, site.at("/acme.git", "localhost"), 10, LOOPBACK)
        failed(at)
    secret = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    assert any("git" in line and "fetch" in line for line in seen)
    assert not [line for line in seen if TOKEN in line or secret in line]
    files = [file for file in (tmp_path / "home").rglob("*") if file.is_file()]
    assert not [file for file in files if secret.encode() in file.read_bytes() or TOKEN.encode() in file.read_bytes()]
    assert secret not in repr(at)


def test_an_answer_that_is_no_git_is_said(tmp_path: Path, https: Callable[[], Site]) -> None:
    with https() as site:
        site.pages["/acme.git/info/refs"] = says(200, "<html>Welcome to the guest network</html>")
        assert "no branch and no tag" in failed(
            mirror(settings(tmp_path), site.at("/acme.git", "localhost"), 10, LOOPBACK)
        )
