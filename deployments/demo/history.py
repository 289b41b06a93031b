"""What happened to the example product: the commits of its past, and what each further release of it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

PAGE = Template(Path(__file__).with_name("page.html").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Change:
    """One commit: its subject, and the files it writes."""

    subject: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Feature:
    """What a release is about: `gain` as its engineers say it, `promise` as customers read it."""

    slug: str
    title: str
    gain: str
    promise: str

    @property
    def told(self) -> str:
        """Its line in the notes for customers."""
        return f"- **{self.title}.** {self.promise}"


PAST: Mapping[str, tuple[Change, ...]] = {
    "v2.2.0": (
        Change("feat: keep every report in one place", {"acme/reports.py": '"""Reports, one file each."""\n'}),
        Change("docs: say how to begin", {"README.md": "# Acme\n\nReports that write themselves.\n"}),
        Change("chore: release 2.2.0", {"CHANGELOG.md": "# 2.2.0\n\n- Every report in one place\n"}),
    ),
    "v2.3.0": (
        Change("feat: share a report by link", {"acme/sharing.py": '"""Links that end when they should."""\n'}),
        Change("perf: open long reports twice as fast", {"acme/reports.py": '"""Reports, read page by page."""\n'}),
        Change("chore: release 2.3.0", {"CHANGELOG.md": "# 2.3.0\n\n- Share a report by link\n"}),
    ),
    "v2.3.1": (
        Change("fix: let a shared link end at midnight", {"acme/sharing.py": '"""Links that end at midnight."""\n'}),
        Change("chore: release 2.3.1", {"CHANGELOG.md": "# 2.3.1\n\n- Shared links end at midnight\n"}),
    ),
}

FEATURES = (
    Feature(
        "exports",
        "Scheduled exports",
        "Reports are exported by themselves, every night or every hour",
        "Your reports come by themselves, every night or every hour: choose when, under Reports → Schedule.",
    ),
    Feature(
        "audit-log",
        "Audit log",
        "See who did what and when, for a whole year",
        "Administrators see who did what and when, for a whole year back, under Settings → Audit log.",
    ),
    Feature(
        "saved-views",
        "Saved views",
        "Keep filters under a name and share them with the team",
        "Keep the filters you use every day under a name, and share them with your team.",
    ),
    Feature(
        "single-sign-on",
        "Single sign-on",
        "Log in with the account of the company",
        "Log in with the account you have at work; nobody needs a password for Acme any more.",
    ),
)
LATE = "What runs at eight in the morning runs at eight in summer, too."


def page(title: str, body: str) -> str:
    return PAGE.substitute(title=title, body=body)


def limits_page(version: str) -> str:
    """The page that the first edition of the docs links to, and lacks."""
    return f"limits-{version}.html"


def coming(version: str) -> tuple[Change, ...]:
    """The commits of the next release. Its docs have a link that leads nowhere."""
    feature = FEATURES[int(version.split(".")[1]) % len(FEATURES)]
    name = f"acme/{feature.slug.replace('-', '_')}.py"
    return (
        Change(f"feat({feature.slug}): {_lower(feature.gain)}", {name: f'"""{feature.gain}: {version}."""\n'}),
        Change("fix(reports): keep the time zone of who wrote them", {"acme/zones.py": f'"""As of {version}."""\n'}),
        Change(f"docs: describe {_lower(feature.title)}", _docs(feature, version)),
        Change(f"chore: release {version}", _papers(feature, version)),
    )


def mended(version: str) -> Change:
    """The commit that adds the missing page."""
    text = "<p>One export an hour, 90 days of them, at most 2 GB each.</p>"
    return Change("docs: add the page about limits", {f"docs/{limits_page(version)}": page("Limits", text)})


def late(version: str) -> Change:
    """The fix of a mistake that somebody finds when QA has signed already."""
    files = {"acme/clock.py": f'"""Hours, as of {version}."""\n'}
    return Change(f"fix(exports): keep the hour when the clock changes\n\nRelease-Note: {LATE}", files)


def _docs(feature: Feature, version: str) -> dict[str, str]:
    about = f"<p>{feature.gain}.</p>\n<p>Mind the <a href='{limits_page(version)}'>limits</a>.</p>"
    links = [("release-notes.html", f"What is new in {version}"), (f"{feature.slug}.html", feature.title)]
    listed = "\n".join(f"<li><a href='{address}'>{title}</a></li>" for address, title in links)
    limits = f"<li><a href='{limits_page(version)}'>Limits</a></li>"
    index = page("Acme", f"<ul>\n{listed}\n{limits}\n</ul>")
    return {f"docs/{feature.slug}.html": page(feature.title, about), "docs/index.html": index}


def _papers(feature: Feature, version: str) -> dict[str, str]:
    """What the release brings along: its notes for customers, and what QA has found."""
    notes = f"<p>{feature.gain}.</p>\n<p>Reports keep the time zone of who wrote them.</p>"
    tests = "<p>412 passed, none failed; upgrade from the last release and roll-back were tried.</p>"
    return {
        "CHANGELOG.md": f"# {version}\n\n- {feature.gain}\n",
        "docs/release-notes.html": page(f"What is new in {version}", notes),
        "docs/test-report.html": page(f"Test report of {version}", tests),
    }


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
