"""The environment, read in one place."""

from __future__ import annotations

import secrets
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from checklists.errors import LaunchError

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "checklists" / "library"


class HomeNotWritable(LaunchError):
    """tminus has nowhere to keep its state."""


class WrongSetting(LaunchError):
    """A setting that cannot be used, by its name."""


class Settings(BaseSettings):
    """`TMINUS_...` from the environment or `.env`; the names are a promise (README)."""

    model_config = SettingsConfigDict(env_prefix="TMINUS_", env_file=".env", extra="ignore", populate_by_name=True)

    home: Path = Path(".tminus")
    database_url: SecretStr | None = None
    organisation: Path = ROOT / "deployments" / "organisation.yaml"
    checklists: Annotated[tuple[Path, ...], NoDecode] = ()
    identity: Literal["asserted"] = "asserted"
    github_secret: SecretStr | None = None
    github_token: SecretStr | None = None
    github_api: str = "https://api.github.com"
    sendgrid_api_key: SecretStr | None = Field(None, validation_alias="SENDGRID_API_KEY")
    sendgrid_host: str = "https://api.sendgrid.com"
    mail_from: str = "launches@example.com"
    postal_address: str = ""

    @model_validator(mode="wrap")
    @classmethod
    def in_words(cls, given: Any, build: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return build(given)
        except ValidationError as error:
            wrong = [(str(one["loc"][0]), one["msg"]) for one in error.errors()]
            named = (f"{'TMINUS_' if name.islower() else ''}{name.upper()}: {said}" for name, said in wrong)
            raise WrongSetting("\n".join(named)) from error

    @field_validator("identity", mode="before")
    @classmethod
    def no_more_than_there_is(cls, value: object) -> object:
        if value == "verified":
            raise ValueError("nothing verifies people yet, and no signature may pass for verified; leave it out")
        return value

    @field_validator("checklists", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        return tuple(Path(part) for part in value.split(":") if part) if isinstance(value, str) else value

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where checklists are looked for, first match first; the library comes last."""
        return (*self.checklists, LIBRARY)

    @property
    def ledger_url(self) -> str:
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.home.resolve() / 'ledger.sqlite3'}"

    @property
    def outbox(self) -> Path:
        return self.home / "outbox"

    @cached_property
    def webhook_secret(self) -> SecretStr:
        """What GitHub signs with; one is made in home on first use, so that no door is ever open."""
        return self.github_secret or SecretStr(self.kept("github-secret"))

    def kept(self, name: str) -> str:
        """A secret of our own making, kept in home with mode 600."""
        file = self.make_home() / name
        if not file.exists():
            fresh = self.home / f".{name}-{secrets.token_hex(8)}"
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(32))
            with suppress(FileExistsError):
                file.hardlink_to(fresh)  # whoever links first decides; nobody reads half a secret
            fresh.unlink()
        return file.read_text().strip()

    def make_home(self) -> Path:
        """The folder of all state. Raises HomeNotWritable where it cannot be made or written to."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            probe = self.home / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            place = self.home.absolute()
            raise HomeNotWritable(
                f"{place}: cannot keep state here ({error.strerror}); set TMINUS_HOME to a writable folder"
            ) from error
        return self.home
