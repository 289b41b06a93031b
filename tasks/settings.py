"""The environment, read in one place."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from checklists.errors import LaunchError
from tasks.loopback import is_here
from tasks.standard_secret import is_standard, new_secret, several

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "checklists" / "library"
PUBLIC_URL = "http://127.0.0.1:4280"
Identity = Literal["asserted", "verified"]
Network = IPv4Network | IPv6Network
HOSTS = ("github", "gitlab", "gitea", "release")
TOKENS = ("github_token", "gitlab_token")
SHORTEST_KEY = 32  # signs; 16 random bytes written as hexadecimal digits have as many


class HomeNotWritable(LaunchError):
    """tminus has nowhere to keep its state."""


class WrongSetting(LaunchError):
    """A setting that cannot be used, by its name."""


def _usual(known: dict[str, Any]) -> Identity:
    """Names are trusted where nobody else can type any."""
    return "asserted" if is_here(known.get("public_url", PUBLIC_URL)) else "verified"


class Settings(BaseSettings):
    """`TMINUS_...` from the environment or `.env`; the names are a promise (README)."""

    model_config = SettingsConfigDict(env_prefix="TMINUS_", env_file=".env", extra="ignore", populate_by_name=True)

    home: Path = Path(".tminus")
    database_url: SecretStr | None = None
    organisation: Path = ROOT / "deployments" / "organisation.yaml"
    checklists: Annotated[tuple[Path, ...], NoDecode] = ()
    messages: Annotated[tuple[Path, ...], NoDecode] = ()
    public_url: str = PUBLIC_URL
    identity: Identity = Field(default_factory=_usual)
    secret_key: SecretStr | None = None
    link_days: int = Field(14, ge=1, le=365)
    link_code: bool = False
    proxy_addresses: Annotated[tuple[Network, ...], NoDecode] = ()
    proxy_header: str = ""
    token: SecretStr | None = None
    github_secret: SecretStr | None = None
    github_token: SecretStr | None = None
    github_api: str = "https://api.github.com"
    gitlab_secret: SecretStr | None = None
    gitlab_token: SecretStr | None = None
    gitlab_api: str = "https://gitlab.com/api/v4"
    gitea_secret: SecretStr | None = None
    release_secret: SecretStr | None = None
    sendgrid_api_key: SecretStr | None = Field(None, validation_alias="SENDGRID_API_KEY")
    sendgrid_host: str = "https://api.sendgrid.com"
    sendgrid_webhook_key: str = ""
    smtp_url: SecretStr | None = None
    mail_from: str = "launches@example.com"
    postal_address: str = ""

    @model_validator(mode="wrap")
    @classmethod
    def in_words(cls, given: Any, build: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return build(given)
        except ValidationError as error:
            found = [one for one in error.errors() if one["type"] != "default_factory_not_called"]  # follows another
            wrong = [(str(one["loc"][0]), one["msg"].removeprefix("Value error, ")) for one in found]
            named = (f"{'TMINUS_' if name.islower() else ''}{name.upper()}: {said}" for name, said in wrong)
            raise WrongSetting("\n".join(named)) from error

    @field_validator("public_url")
    @classmethod
    def web_address(cls, value: str) -> str:
        found = urlsplit(value or PUBLIC_URL)
        if found.scheme not in ("http", "https") or not found.hostname or found.query or found.fragment:
            raise ValueError("the address people reach the web room at reads like https://launches.example.com")
        return (value or PUBLIC_URL).rstrip("/")

    @field_validator("identity")
    @classmethod
    def asserted_only_here(cls, value: Identity, info: ValidationInfo) -> Identity:
        if value == "asserted" and not is_here(info.data.get("public_url", PUBLIC_URL)):
            raise ValueError(
                f"`asserted` trusts the name somebody types, which is for one's own machine only, "
                f"and others reach {info.data['public_url']} (TMINUS_PUBLIC_URL); set it to `verified`"
            )
        return value

    @field_validator("secret_key", "token", "smtp_url", *(f"{host}_secret" for host in HOSTS), *TOKENS)
    @classmethod
    def empty_is_none(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value and value.get_secret_value() else None

    @field_validator("secret_key")
    @classmethod
    def hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"whoever guesses it can sign for anybody; it takes {SHORTEST_KEY} signs or more")
        return value

    @field_validator("release_secret")
    @classmethod
    def standard(cls, value: SecretStr | None) -> SecretStr | None:
        for one in several(value.get_secret_value() if value else ""):
            if not is_standard(one):
                raise ValueError("each secret reads whsec_ and then 24 to 64 bytes in base64 (openssl rand -base64 32)")
        return value

    @field_validator("proxy_addresses", mode="before")
    @classmethod
    def networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = tuple(ip_network(part) for part in re.split(r"[\s,]+", value) if part)
        if any(network.prefixlen == 0 for network in found):
            raise ValueError("this would trust everybody's headers; name the addresses of your proxy")
        return found

    @field_validator("proxy_header")
    @classmethod
    def from_somewhere(cls, value: str, info: ValidationInfo) -> str:
        if not re.fullmatch(r"[A-Za-z0-9-]{0,80}", value):
            raise ValueError("a header's name reads like X-Forwarded-Email")
        if value and not info.data.get("proxy_addresses"):
            raise ValueError("say in TMINUS_PROXY_ADDRESSES from which addresses it is to be trusted")
        return value

    @field_validator("checklists", "messages", mode="before")
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
    def sends_mail(self) -> bool:
        """Whether mail leaves for real."""
        return bool(self.sendgrid_api_key or self.smtp_url)

    @property
    def outbox(self) -> Path:
        return self.home / "outbox"

    @cached_property
    def webhook_secret(self) -> SecretStr:
        """What GitHub signs with; one is made in home on first use, so that no door is ever open."""
        return self.github_secret or SecretStr(self.kept("github-secret"))

    @cached_property
    def gitlab_webhook_secret(self) -> SecretStr:
        """The token GitLab sends."""
        return self.gitlab_secret or SecretStr(self.kept("gitlab-secret"))

    @cached_property
    def gitea_webhook_secret(self) -> SecretStr:
        """What Gitea and Forgejo sign with."""
        return self.gitea_secret or SecretStr(self.kept("gitea-secret"))

    @cached_property
    def release_secrets(self) -> tuple[SecretStr, ...]:
        """What any other program signs with, in the form of Standard Webhooks; several while one replaces another."""
        given = self.release_secret.get_secret_value() if self.release_secret else ""
        return tuple(map(SecretStr, several(given))) or (SecretStr(self.kept("release-secret", new_secret)),)

    @cached_property
    def link_secret(self) -> SecretStr:
        """What links and codes are made with; whoever changes it makes all that were mailed void."""
        found = self.secret_key or SecretStr(self.kept("secret-key"))
        if len(found.get_secret_value()) < SHORTEST_KEY:
            raise WrongSetting(f"{self.home / 'secret-key'}: it has been cut off; delete it, and mail all links anew")
        return found

    def kept(self, name: str, make: Callable[[], str] = secrets.token_urlsafe) -> str:
        """A secret of our own making, kept in home with mode 600."""
        file = self.make_home() / name
        if not file.exists():
            fresh = self.home / f".{name}-{secrets.token_hex(8)}"
            fresh.touch(mode=0o600)
            fresh.write_text(make())
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
