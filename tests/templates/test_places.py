"""Something of a reader stands among the words of a mail, and never where it could lead, style or run."""

from __future__ import annotations

import pytest

from templates.bodies import INLINER
from templates.personal import Person
from templates.places import misplaced

COMPANY, LEAVE = Person()["company"], Person()["unsubscribe"]


@pytest.mark.parametrize(
    "html",
    [
        "<a href=%s>x</a>",
        "<a href='%s'>x</a>",
        '<a HREF = "https://x.example/%s">x</a>',
        """<a href="https://x.example/?q='%s">x</a>""",
        '<a href="\n%s">x</a>',
        '<a ping="%s" href="https://x.example">x</a>',
        '<img src="%s">',
        '<img srcset="a.png 1x, %s 2x">',
        '<img alt="x" longdesc="%s">',
        '<form action="%s"><button formaction="x">x</button></form>',
        '<button formaction="%s">x</button>',
        '<table background="%s"><tr><td>x</td></tr></table>',
        '<video poster="%s"></video>',
        '<object data="%s"></object>',
        '<blockquote cite="%s">x</blockquote>',
        '<svg><a xlink:href="%s">x</a></svg>',
        '<svg><animate values="%s"/></svg>',
        '<meta http-equiv="refresh" content="0;url=%s">',
        '<iframe srcdoc="%s"></iframe>',
        '<p onclick="%s">x</p>',
        '<p style="background:url(%s)">x</p>',
        "<p style=color:%s>x</p>",
        "<style>p { background: url(%s) }</style><p>x</p>",
        '<style>@import "%s";</style><p>x</p>',
        "<style>@media (prefers-color-scheme: dark) { p { background: url('%s') } }</style><p>x</p>",
        "<style>p { content: '%s' }</style><b>no p</b><style>@font-face { src: url(%s) }</style>",
        "<script>%s</script>",
        "<noscript><a href='%s'>x</a></noscript>",
        "<p %s>x</p>",
        "<x-%s>x</x-%s>",
        "<!--[if mso]><a href=%s>x</a><![endif]-->",
        "<!--[if mso]><a title=%s>x</a><![endif]-->",
        "<xmp><!-- </xmp><a href='%s'>x</a>",
        "<textarea><!-- </textarea><a href='%s'>x</a>",
        "<title><a title='</title><a href=%s>x</a>",
    ],
)
def test_nothing_of_a_person_leads_styles_or_runs(html: str) -> None:
    """As it stands once styles are put in, which puts attributes into quotes and moves what style sheets say."""
    assert "company" in misplaced(INLINER.inline(html.replace("%s", COMPANY)))
    assert misplaced(INLINER.inline(html.replace("%s", LEAVE))) == [], "made here, it harms nobody"


@pytest.mark.parametrize(
    "html",
    [
        "<p>%s</p>",
        "<title>%s</title><p>x</p>",
        '<img alt="Logo of %s">',
        "<img alt=%s>",
        '<p title="%s" aria-label="%s" class="plan-%s">x</p>',
        "<!-- for %s --><!--[if mso]><b>%s</b><![endif]-->",
        "<style>p { color: red }</style><p>%s</p>",
    ],
)
def test_a_person_stands_among_the_words(html: str) -> None:
    assert misplaced(INLINER.inline(html.replace("%s", COMPANY))) == []
