"""The organisation: its people and their roles, its products, its audiences and channels."""

from __future__ import annotations

from datetime import date, time
from ipaddress import ip_network
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    model_validator,
)

from checklists.audience import Audience, Topic
from checklists.brand import Brand
from checklists.common import Key, Locale, Text
from checklists.dates import Calendar, Timezone
from checklists.git_address import GitAddress
from checklists.git_name import name_of
from checklists.hours import Hours as Hours
from checklists.mail_address import Address, Alias
from checklists.notes.change import Audience as Reader
from checklists.notes.folder import folder_of
from checklists.notes.style import Style
from checklists.people import MANAGERS, Delegation, Directory, Member
from checklists.value import Value
from checklists.versions import Scheme, Step

REPOSITORY = r"^[\w.-]*\w[\w.-]*(/[\w.-]*\w[\w.-]*)+$"
VARIABLE = r"^[A-Z][A-Z0-9_]*$"
Variable = Annotated[str, StringConstraints(pattern=VARIABLE)]
Supersede = Literal["parallel", "queue", "replace"]
PreReleases = Literal["launch", "rehearse", "ignore"]
IGNORE: Final = "ignore"


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError as error:
        raise ValueError(f"{error}; a network reads like '127.0.0.0/8'") from error
    return text


def _one_version(pattern: str) -> str:
    if pattern.count("{version}") != 1:
        raise ValueError("a tag pattern names {version} exactly once, such as 'v{version}' or 'acme@{version}'")
    return pattern


TagPattern = Annotated[str, StringConstraints(max_length=100), AfterValidator(_one_version)]
Network = Annotated[str, AfterValidator(_network)]


class Absence(Value):
    """Days on which somebody does not sign, both included, and who signs for them."""

    from_: date
    to: date
    delegate: Address | None = Field(None, description="Who signs for them in these days.")

    @model_validator(mode="after")
    def forwards(self) -> Absence:
        if self.to < self.from_:
            raise ValueError(f"an absence ends after it begins; {self.to} is before {self.from_}")
        return self


class Person(Value):
    """Somebody who may act: the roles decide what they may sign."""

    name: Text
    roles: tuple[Key, ...] = ()
    timezone: Timezone | None = None
    also: tuple[Alias, ...] = Field((), description="Their other names: git addresses, logins such as `github:ada`.")
    absences: tuple[Absence, ...] = ()
    hours: Hours = Field(
        Hours(starts=time(9), ends=time(17)), description="When they may be reminded, in their time zone."
    )
    slack_env: Annotated[str, StringConstraints(pattern=VARIABLE)] | None = Field(
        None, description="The environment variable with an incoming webhook that only they read."
    )


class ChecklistChoice(Value):
    """Which checklist a version step starts; `ignore` starts none."""

    major: Key = "saas-feature"
    minor: Key = "saas-feature"
    patch: Key = "hotfix"
    pre_release: Key = IGNORE

    def of(self, step: Step) -> str:
        return str(getattr(self, step.replace("-", "_")))


class Product(Value):
    """Something that is launched."""

    title: Text
    repository: Annotated[str, StringConstraints(pattern=REPOSITORY, max_length=200)] | None = Field(
        None, description="`owner/name`; a release tag there starts a launch."
    )
    host: Literal["github", "gitlab", "gitea"] = Field("github", description="Whose the repository is.")
    watch: Literal["no", "rest", "git"] = Field(
        "no", description="Look for new tags where no webhook can tell of them: by the host's API, or by plain git."
    )
    tags: TagPattern = Field("v{version}", description="How its release tags read; other tags start nothing.")
    versions: Scheme = Field(
        "auto", description="How versions count: in those by `calendar` a new year is no major step."
    )
    checklists: ChecklistChoice = ChecklistChoice()
    pre_releases: PreReleases | None = Field(
        None, description="If unsaid, they are launched where `checklists` names one for them, and ignored otherwise."
    )
    timezone: Timezone = "UTC"
    holidays: tuple[date, ...] = Field((), description="Days nobody works, such as `2026-12-25`.")
    pages: tuple[Text, ...] = Field((), description="Its public pages; a `links` check without targets reads them.")
    git: GitAddress | None = Field(
        None,
        description="The address or folder git reads it from; it tells who wrote a release, and what a retag changes.",
    )
    folder: Annotated[str, AfterValidator(folder_of)] = Field(
        "", description="The folder of the repository it lives in; its notes tell of that one only."
    )
    review_notes: tuple[Reader, ...] = Field(
        (), description="Whose notes are put into `docs/releases/` by a pull request, to be reviewed there."
    )
    style: Style = Field(Style(), description="What its release notes must not say, and what they must.")
    brand: Brand = Field(Brand(), description="What its announcements look like and who they come from.")
    supersede: Supersede = Field(
        "parallel", description="What a newer version does to an older launch that is still open."
    )

    @model_validator(mode="after")
    def watchable(self) -> Product:
        if self.watch == "rest" and not self.repository:
            raise ValueError("`watch: rest` asks the host about `repository`, which is not named")
        if self.watch == "rest" and self.host == "gitea":
            raise ValueError("`watch: rest` knows GitHub and GitLab; `watch: git` lists the tags of any other host")
        if self.watch == "git" and not self.git:
            raise ValueError("`watch: git` lists the tags of the address at `git`, which is not named")
        return self

    @model_validator(mode="after")
    def reviewable(self) -> Product:
        if not self.review_notes or (self.repository and self.git and self.host == "github"):
            return self
        raise ValueError("`review-notes` takes `repository`, on GitHub, and `git`, which reads what was merged")

    @property
    def calendar(self) -> Calendar:
        return Calendar(timezone=self.timezone, holidays=self.holidays)

    @property
    def pre_release_policy(self) -> PreReleases:
        return self.pre_releases or (IGNORE if self.checklists.pre_release == IGNORE else "launch")

    @property
    def origin(self) -> str:
        """The repository it comes from, by name; the place and path of its git address where that is all there is."""
        return self.repository or (name_of(self.git) if self.git else "")

    def is_of(self, repository: str) -> bool:
        return bool(self.origin) and self.origin.lower() == repository.lower()


class Channel(Value):
    """A way out. `email` goes to each address, the others post once: `slack`, `teams` and `webhook` to the address kept
    in `webhook-env`, `slack` also as a bot, and `feed` is the change channel: its page and its feeds.
    """

    kind: Literal["email", "slack", "feed", "teams", "webhook"]
    webhook_env: Variable | None = Field(None, description="The environment variable with the address to post to.")
    token_env: Variable | None = Field(None, description="Slack: the variable with a bot token, for `post-to`.")
    post_to: Annotated[str, StringConstraints(pattern=r"^[#@]?[\w-]{1,80}$")] | None = Field(
        None, description="Slack: the channel a bot posts to, by id or name."
    )
    secret_env: Variable | None = Field(None, description="Webhook: the variable with the secret it is signed with.")


BUILT_IN = {"email": Channel(kind="email"), "feed": Channel(kind="feed")}
"""Channels that need nothing said about them."""


class Organisation(Value):
    """The whole file."""

    organisation: Text
    people: dict[Address, Person] = Field(default_factory=dict, description="By mail address.")
    products: dict[Key, Product] = Field(default_factory=dict, description="By the name commands use.")
    audiences: dict[Key, Audience] = Field(default_factory=dict, description="By the name announcements use.")
    topics: dict[Key, Topic] = Field(
        default_factory=dict, description="What one can subscribe to, by key, besides each of the products."
    )
    channels: Annotated[dict[Key, Channel], AfterValidator(lambda said: BUILT_IN | said)] = Field(
        default_factory=dict,
        validate_default=True,
        description="Ways out, by name. `email` and `feed` are there unsaid.",
    )
    brand: Brand = Field(Brand(), description="What products leave unsaid of theirs.")
    languages: tuple[Locale, ...] = Field(
        ("en",),
        min_length=1,
        max_length=40,
        description="Of announcements; the first is for all others.",
    )
    waivers: Key = Field(MANAGERS, description="The role that may waive an item; never its owner, never its author.")
    allow_private_addresses: tuple[Network, ...] = Field(
        (), description="Networks a check may reach although they are private, such as `127.0.0.0/8`."
    )

    @property
    def all_topics(self) -> dict[str, Topic]:
        """What one can subscribe to: every product, and what is said in `topics`, which may also rename a product."""
        return {key: Topic(title=product.title) for key, product in self.products.items()} | self.topics

    def calendar_of(self, product: str) -> Calendar:
        """The product's; one without holidays, in UTC, where the organisation has dropped it."""
        known = self.products.get(product)
        return known.calendar if known else Calendar()

    def brand_of(self, product: str) -> Brand:
        """The product's, with the organisation's word where it says nothing; named in any case."""
        known = self.products.get(product)
        found = known.brand.over(self.brand) if known else self.brand
        return found.over(Brand(name=known.title if known else self.organisation))

    def directory(self, granted: tuple[Delegation, ...] = ()) -> Directory:
        """Everybody, with the absences of this file and the delegations that were granted by command.

        Whoever lets somebody sign for them in these days is away in these days.
        """
        absences = [
            Delegation(who, one.delegate, one.from_, one.to)
            for who, person in self.people.items()
            for one in person.absences
            if one.delegate
        ]
        members = (_member(who, person, granted) for who, person in self.people.items())
        return Directory(tuple(members), (*absences, *granted))


def _member(who: str, person: Person, granted: tuple[Delegation, ...]) -> Member:
    away = [(one.from_, one.to) for one in person.absences]
    away += [(one.starts, one.ends) for one in granted if one.who == who]
    return Member(who, person.name, person.roles, person.also, tuple(away), person.timezone)
