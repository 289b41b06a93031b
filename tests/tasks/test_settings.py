"""The settings, and what is said of those that cannot be used."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tasks.settings import HomeNotWritable, Settings, WrongSetting


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without anybody's `.env`."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMINUS_IDENTITY", "certainly")
    with pytest.raises(WrongSetting, match=r"^TMINUS_IDENTITY: Input should be 'asserted' or 'verified'$"):
        Settings()


@pytest.mark.parametrize(
    ("public_url", "identity"),
    [
        ("http://127.0.0.1:4280", "asserted"),
        ("http://localhost:80/", "asserted"),
        ("http://[::1]:4280", "asserted"),
        ("https://launches.example.com", "verified"),
        ("http://10.0.0.1:4280", "verified"),
    ],
)
def test_names_are_trusted_on_ones_own_machine_unless_otherwise_said(
    monkeypatch: pytest.MonkeyPatch, public_url: str, identity: str
) -> None:
    monkeypatch.setenv("TMINUS_PUBLIC_URL", public_url)
    assert Settings().identity == identity
    monkeypatch.setenv("TMINUS_IDENTITY", "verified")
    assert Settings().identity == "verified"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TMINUS_PUBLIC_URL", "launches.example.com", "reads like https://launches.example.com"),
        ("TMINUS_PUBLIC_URL", "javascript:alert(1)", "reads like https://launches.example.com"),
        ("TMINUS_SECRET_KEY", "too-short", "takes 32 signs or more"),
        ("TMINUS_LINK_DAYS", "0", "greater than or equal to 1"),
        ("TMINUS_PROXY_HEADER", "X-Forwarded-Email", "say in TMINUS_PROXY_ADDRESSES"),
        ("TMINUS_PROXY_HEADER", "X Email", "reads like X-Forwarded-Email"),
        ("TMINUS_PROXY_ADDRESSES", "0.0.0.0/0", "would trust everybody's headers"),
        ("TMINUS_PROXY_ADDRESSES", "10.0.0.1, ::/0", "would trust everybody's headers"),
        ("TMINUS_PROXY_ADDRESSES", "the-proxy", "does not appear to be"),
    ],
)
def test_what_would_let_others_in_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting, match=rf"^{name}: [^\n]*{said}[^\n]*$"):
        Settings()


def test_trusting_names_where_others_can_reach_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMINUS_PUBLIC_URL", "https://launches.example.com")
    monkeypatch.setenv("TMINUS_IDENTITY", "asserted")
    with pytest.raises(WrongSetting, match=r"^TMINUS_IDENTITY: .*others reach https://launches.example.com.*verified"):
        Settings()


def test_a_proxy_is_named_by_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMINUS_PROXY_ADDRESSES", "10.0.0.1, fd00::/64 192.168.0.0/16")
    monkeypatch.setenv("TMINUS_PROXY_HEADER", "X-Forwarded-Email")
    assert [str(network) for network in Settings().proxy_addresses] == ["10.0.0.1/32", "fd00::/64", "192.168.0.0/16"]


def test_what_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMINUS_PUBLIC_URL", "TMINUS_SECRET_KEY", "TMINUS_TOKEN", "TMINUS_PROXY_HEADER"):
        monkeypatch.setenv(name, "")
    settings = Settings()
    assert (settings.public_url, settings.secret_key, settings.token) == ("http://127.0.0.1:4280", None, None)


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    secret, token = "not-a-real-secret-of-32-signs-or-more", "tm_not_a_real_token"
    monkeypatch.setenv("TMINUS_SECRET_KEY", secret)
    monkeypatch.setenv("TMINUS_TOKEN", token)
    settings = Settings()
    assert settings.link_secret.get_secret_value() == secret
    assert not (settings.home / "secret-key").exists()
    for shown in (repr(settings), str(settings), settings.model_dump_json(), repr(settings.link_secret)):
        assert secret not in shown
        assert token not in shown


def test_settings_are_read_from_the_environment_before_the_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / ".env").write_text("TMINUS_MAIL_FROM=file@example.com\nTMINUS_GITHUB_API=http://127.0.0.1:1\n")
    monkeypatch.setenv("TMINUS_MAIL_FROM", "environment@example.com")
    settings = Settings()
    assert (settings.mail_from, settings.github_api) == ("environment@example.com", "http://127.0.0.1:1")


def test_checklist_folders_come_before_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMINUS_CHECKLISTS", "ours::/theirs")
    assert [str(folder) for folder in Settings().folders[:-1]] == ["ours", "/theirs"]
    assert Settings().folders[-1].name == "library"


def test_a_secret_of_ours_is_made_once_and_is_nobody_elses() -> None:
    first, again = Settings().webhook_secret, Settings().webhook_secret
    file = Settings().home / "github-secret"
    assert len(first.get_secret_value()) > 30
    assert first == again
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("left", ["", "half-a-key\n"])
def test_a_secret_key_that_was_cut_off_makes_no_links(left: str) -> None:
    home = Settings().make_home()
    (home / "secret-key").write_text(left)
    with pytest.raises(WrongSetting, match="secret-key: it has been cut off; delete it"):
        _ = Settings().link_secret


def test_a_secret_that_was_set_is_used_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMINUS_GITHUB_SECRET", "ours")
    assert Settings().webhook_secret.get_secret_value() == "ours"
    assert not (Settings().home / "github-secret").exists()


def test_a_home_that_cannot_be_is_told_with_its_remedy(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a-file").touch()
    monkeypatch.setenv("TMINUS_HOME", str(here / "a-file" / "home"))
    with pytest.raises(HomeNotWritable, match="set TMINUS_HOME to a writable folder"):
        Settings().make_home()
