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
    with pytest.raises(WrongSetting, match=r"^TMINUS_IDENTITY: Input should be 'asserted'$"):
        Settings()


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


def test_a_secret_that_was_set_is_used_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMINUS_GITHUB_SECRET", "ours")
    assert Settings().webhook_secret.get_secret_value() == "ours"
    assert not (Settings().home / "github-secret").exists()


def test_a_home_that_cannot_be_is_told_with_its_remedy(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a-file").touch()
    monkeypatch.setenv("TMINUS_HOME", str(here / "a-file" / "home"))
    with pytest.raises(HomeNotWritable, match="set TMINUS_HOME to a writable folder"):
        Settings().make_home()
