"""Messages of one's own, beside and instead of the library's."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from markupsafe import Markup

from checklists.brand import Brand
from tasks.senders.sender import addressed
from templates.bodies import Frame, render_body
from templates.filling import FILTERS, FOLDER, Unrenderable
from templates.look import look
from templates.messages import Messages
from templates.personal import facts_in, name_of
from templates.render import Channel, Rendered
from tests.templates.values import ANNOUNCEMENT


def messages(folder: Path, **files: str) -> Messages:
    """Files of one's own, by `folder/name` with two underscores for the slash and one for each dot."""
    for name, text in files.items():
        message, _, file = name.partition("__")
        place = folder / message / file.replace("_", ".")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return Messages((folder, FOLDER))


def made(found: Messages, message: str = "announcement", locale: str = "en", values: object = None) -> Rendered:
    frame = Frame(look(Brand(name="Acme")), locale, "listed", messages=found)
    return render_body(message, "email", {**ANNOUNCEMENT, **(values if isinstance(values, dict) else {})}, frame)


def test_a_file_of_ones_own_takes_the_librarys_place_in_every_language(tmp_path: Path) -> None:
    own = messages(tmp_path, announcement__subject_txt="News of {{ product }}")
    assert made(own).subject == "News of Acme Reports"
    assert made(own, locale="de").subject == "News of Acme Reports"
    assert "Guten Tag" in addressed(made(own, locale="de"), {}).text


def test_a_translation_of_ones_own_counts_in_its_language(tmp_path: Path) -> None:
    own = messages(tmp_path, announcement__subject_de_txt="Neues von {{ product }}")
    assert [made(own, locale=one).subject[:9] for one in ("de", "de-AT", "fr")] == [
        "Neues von",
        "Neues von",
        "Acme Repo",
    ]


def test_a_new_language_takes_words_only(tmp_path: Path) -> None:
    own = messages(
        tmp_path,
        announcement__words_pt_toml='out = "{product} {version} chegou"',
        letter__words_pt_toml='greeting = "Olá {name},"\nmore = "Leia mais"',
    )
    assert own.offered("announcement", ("en", "pt-BR", "de", "it")) == ("en", "pt-BR", "de")
    sent = addressed(made(own, locale="pt-BR", values={"headline": ""}), {"name": "Ana"})
    assert "Acme Reports 2.4.0 chegou" in sent.text
    assert "Olá Ana," in sent.text
    assert 'lang="pt-BR"' in sent.html


def test_a_message_of_ones_own_is_two_files(tmp_path: Path) -> None:
    """Everything else is the frame's."""
    own = messages(
        tmp_path,
        sunset__subject_txt="{{ product }} is going away",
        sunset__body_md="**{{ product }}** ends. {{ person.company | otherwise('Your company') }} keeps its data.\n\n"
        "- export",
    )
    body = made(own, "sunset", values={"product": "Acme *X*"})
    sent = addressed(body, {"company": "Zenith & <Co>"})
    assert sent.subject == "Acme *X* is going away"
    assert "<strong>Acme *X*</strong> ends. Zenith &amp; &lt;Co&gt; keeps" in sent.html
    assert "Acme *X* ends. Zenith & <Co> keeps its data.\n\n- export" in sent.text
    assert "Your company keeps" in addressed(body, {}).text
    assert {name_of(mark) for mark in facts_in(body.text, body.html)} == {"company", "name"}


@pytest.mark.parametrize("channel", ["email", "slack", "teams", "feed"])
@pytest.mark.parametrize("message", ["announcement", "correction", "sunset"])
def test_one_text_of_ones_own_stands_instead_of_all_of_the_librarys(
    tmp_path: Path, message: str, channel: Channel
) -> None:
    words = "My *own* words. {{ person.company | otherwise('Your company') }} keeps its data. {{ person.name }}"
    own = messages(tmp_path, **{f"{message}__subject_txt": "x", f"{message}__body_md": words})
    for locale in ("en", "de"):
        frame = Frame(look(Brand(name="Acme")), locale, "listed" if channel == "email" else "nobody", messages=own)
        body = render_body(message, channel, {**ANNOUNCEMENT, "note": ""}, frame)
        said = addressed(body, {}).model_dump_json()
        assert "words. Your company keeps its data." in said
        assert "Large exports" not in said, "the notes stand nowhere in it"


def test_beside_one_text_of_ones_own_a_part_of_ones_own_counts(tmp_path: Path) -> None:
    own = messages(tmp_path, announcement__body_md="In markdown", announcement__body_txt="By hand")
    body = made(own)
    assert (body.text, "In markdown" in body.html) == ("By hand\n", True)


def test_one_text_in_a_language_stands_instead_in_that_language_alone(tmp_path: Path) -> None:
    own = messages(tmp_path, announcement__body_de_md="Nur auf Deutsch")
    said = {locale: "Nur auf Deutsch" in made(own, locale=locale).text for locale in ("de", "de-AT", "en", "fr")}
    assert said == {"de": True, "de-AT": True, "en": False, "fr": False}


def test_what_is_laid_into_an_earlier_folder_counts_at_once_and_what_is_taken_away_no_more(tmp_path: Path) -> None:
    """Processes run for weeks, and all of them have to say what a new one says."""
    library, own = made(Messages()), Messages((tmp_path / "a", tmp_path / "b", FOLDER))
    assert made(own) == library
    for folder in (own.folders[1], own.folders[0]):
        messages(folder, announcement__subject_txt=f"{folder.name}: {{{{ say.more }}}}", letter__frame_txt="Ours")
        messages(folder, announcement__words_toml=f'more = "{folder.name}"', announcement__body_txt="{{ notes }}")
        assert made(own).subject == f"{folder.name}: {folder.name}"
        assert made(own) == made(Messages(own.folders))
    for folder in own.folders[:2]:
        for file in folder.rglob("*.*"):
            file.unlink()
        assert made(own) == made(Messages(own.folders))
    assert made(own) == library


def test_what_a_template_includes_is_looked_for_anew_as_well(tmp_path: Path) -> None:
    own = Messages((tmp_path / "a", tmp_path / "b", FOLDER))
    messages(own.folders[1], announcement__subject_txt="{% include 'shared/word.txt' %}", shared__word_txt="Later")
    assert made(own).subject == "Later"
    messages(own.folders[0], shared__word_txt="Earlier")
    assert made(own).subject == "Earlier"


def test_a_language_words_and_translated_notes_that_come_later_are_heard_at_once(tmp_path: Path) -> None:
    own = Messages((tmp_path / "a", tmp_path / "b", FOLDER))
    assert own.offered("announcement", ("en", "pt")) == ("en",)
    assert (own.mentions("sunset", "notes"), own.translated("acme-2.4.0", "customer", "pt")) == (False, "")
    for folder in (own.folders[1], own.folders[0]):
        messages(folder, announcement__words_pt_toml=f"more = '{folder.name}'", sunset__body_md="{{ notes }}")
        messages(folder / "translations", **{"acme-2.4.0__customer_pt_md": folder.name})
        assert own.offered("announcement", ("en", "pt")) == ("en", "pt")
        assert own.words("announcement", "pt")["more"] == folder.name
        assert own.translated("acme-2.4.0", "customer", "pt") == folder.name
        assert own.mentions("sunset", "notes")
    (own.folders[0] / "announcement" / "words.pt.toml").unlink()
    assert own.words("announcement", "pt")["more"] == "b"


@pytest.mark.parametrize(
    "html",
    [
        '<a href="{{ person.site }}">x</a>',
        "<a href={{ person.site }}>x</a>",
        "<style>p { background: url({{ person.site }}) }</style><p>x</p>",
        "<a href=\"https://x.example/{{ person.site | otherwise('us') }}\">x</a>",
    ],
)
def test_nothing_of_a_person_becomes_an_address(tmp_path: Path, html: str) -> None:
    own = messages(tmp_path, a__subject_txt="x", a__body_html=html)
    with pytest.raises(Unrenderable, match=r"person\.site stands in an address"):
        made(own, "a")


@pytest.mark.parametrize(
    "wrong",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ person._nothing }}",
        "{{ say.__init__ }}",
        "{{ nothing }}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_a_template_reaches_nothing_but_its_values(tmp_path: Path, wrong: str) -> None:
    own = messages(tmp_path, a__subject_txt="x", a__body_md=wrong)
    with pytest.raises(Unrenderable):
        made(own, "a")


LATIN = "Grüße".encode("latin-1")
BROKEN = [
    (
        "announcement__subject_txt",
        "Grüße".encode("latin-1"),
        r"announcement/subject\.txt: cannot be read: .*save it as UTF-8",
    ),
    ("announcement__subject_txt", b"{% include 'letter/own.txt' %}", r"subject\.txt: there is no letter/own\.txt"),
    ("announcement__subject_txt", b"{{ 1 // 0 }}", r"subject\.txt: integer division .*check what stands there"),
    ("announcement__subject_txt", b"{% for x in range(1000000) %}x{% endfor %}", r"subject\.txt: Range too big"),
    ("announcement__subject_txt", b"{{ version | day(locale) }}", r"subject\.txt: Invalid isoformat string: '2\.4\.0'"),
    ("announcement__body_txt", b"{{ notes | number(locale) }}", r"body\.txt: .*is no number"),
    ("announcement__body_txt", b"{% include 'announcement/body.txt' %}", r"body\.txt: it goes on without end"),
    ("announcement__body_txt", b"{{ " + b"(" * 300 + b"1" + b")" * 300 + b" }}", r"body\.txt: "),
    ("announcement__body_txt", b"{{ '\\ud800' }}", r"body\.txt: .*surrogates not allowed"),
    ("announcement__body_html", b"{{ 'a' | center(10 ** 7) }}", r"body\.html: it says more than 5,000,000 signs"),
    (
        "announcement__words_toml",
        "more = 'Grüße'".encode("latin-1"),
        r"words\.toml: cannot be read: .*a line reads like",
    ),
    ("announcement__words_toml", b"more = 3", r"words\.toml: more is no text; put it in quotes"),
    ("announcement__words_toml", b"more = " + b"[" * 5_000, r"words\.toml: cannot be read"),
]


@pytest.mark.parametrize(("file", "text", "says"), BROKEN)
def test_whatever_breaks_in_a_message_names_its_file_and_what_to_do(
    tmp_path: Path, file: str, text: bytes, says: str
) -> None:
    own = messages(tmp_path, **{file: ""})
    next(found for found in tmp_path.rglob("*.*")).write_bytes(text)
    with pytest.raises(Unrenderable, match=says):
        made(own)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[1]", "is no object with a list when filled"),
        ('{"blocks": null, "body": 5}', "is no object with a list when filled"),
        ("[" * 100_000, "is not JSON when filled"),
    ],
)
@pytest.mark.parametrize("channel", ["slack", "teams"])
def test_a_post_that_is_none_names_its_file(tmp_path: Path, channel: Channel, text: str, says: str) -> None:
    own = messages(tmp_path, **{f"announcement__{channel}_json": text})
    with pytest.raises(Unrenderable, match=rf"announcement/{channel}\.json: {says}"):
        render_body("announcement", channel, ANNOUNCEMENT, Frame(look(Brand()), "en", "nobody", messages=own))


def test_a_folder_with_the_name_of_a_file_is_none(tmp_path: Path) -> None:
    own = messages(tmp_path, announcement__subject_txt="x")
    (tmp_path / "announcement" / "old.txt").mkdir()
    (tmp_path / "translations" / "acme-2.4.0" / "customer.de.md").mkdir(parents=True)
    assert not own.mentions("announcement", "nothing")
    assert own.translated("acme-2.4.0", "customer", "de") == ""
    assert own.translations("acme-2.4.0") == ()


def test_a_words_file_that_cannot_be_read_names_itself(tmp_path: Path) -> None:
    own = messages(tmp_path, letter__words_de_toml="greeting = Hallo")
    with pytest.raises(Unrenderable, match=r"letter/words\.de\.toml: cannot be read"):
        made(own, locale="de")


def test_files_that_are_no_languages_are_none(tmp_path: Path) -> None:
    own = messages(tmp_path, announcement__words_deutsch_toml="x = 'y'")
    assert own.offered("announcement", ("en", "de", "deutsch")) == ("en", "de")


SPOKEN = sorted(file.parent.name for file in FOLDER.glob("*/words.toml"))
"""Everything of the library that has words of its own."""


def words(folder: str, name: str) -> dict[str, str]:
    return tomllib.loads((FOLDER / folder / name).read_text("utf-8"))


def places(said: dict[str, str]) -> dict[str, list[str]]:
    return {key: sorted(re.findall(r"\{\w+\}", text)) for key, text in said.items()}


def test_what_readers_see_has_words() -> None:
    assert {"announcement", "channel", "confirm", "correction", "digest", "letter", "people", "recall"} <= set(SPOKEN)


@pytest.mark.parametrize("locale", ["de", "fr"])
@pytest.mark.parametrize("folder", SPOKEN)
def test_every_language_of_the_library_has_every_word_and_its_places(folder: str, locale: str) -> None:
    """In the same order, so that two files can be read side by side."""
    here, english = words(folder, f"words.{locale}.toml"), words(folder, "words.toml")
    assert list(here) == list(english)
    assert places(here) == places(english)
    assert [key for key in here if here[key] == english[key] and len(english[key]) > 8] == []


@pytest.mark.parametrize("folder", SPOKEN)
def test_words_are_set_as_their_readers_set_them(folder: str) -> None:
    """French has spaces that do not break before `: ; ! ?` and within its quotes; nobody has straight quotes."""
    french = words(folder, "words.fr.toml")
    loose = re.compile(r"[^\u00a0\u202f:;!?][:;!?»](?!//)|«[^\u00a0]")
    assert [text for text in french.values() if loose.search(text)] == []
    all_ = {**words(folder, "words.toml"), **french, **words(folder, "words.de.toml")}
    assert [text for text in all_.values() if '"' in text or "'" in text] == []
    german = (re.sub("„[^“]+“", "", text) for text in words(folder, "words.de.toml").values())
    assert [text for text in german if re.search("[“«»]", text)] == []


def test_a_space_that_does_not_break_stays_one() -> None:
    assert Messages().words("confirm", "fr")["headline"] == "Est-ce bien vous\u202f?"


def test_english_is_offered_where_the_library_speaks_it_and_is_not_the_first(tmp_path: Path) -> None:
    own = messages(tmp_path, sunset__subject_txt="{{ product }} geht", announcement__subject_txt="{{ product }}")
    assert own.offered("announcement", ("de", "en-GB", "it")) == ("de", "en-GB")
    assert own.offered("sunset", ("de", "en")) == ("de",)


def test_words_say_in_which_language_they_are() -> None:
    library = Messages()
    said = {one: library.heard("digest", one) for one in ("de-AT", "fr", "en", "en-GB", "ja")}
    assert said == {"de-AT": "de-AT", "fr": "fr", "en": "en", "en-GB": "en-GB", "ja": "en"}


@pytest.mark.parametrize(
    ("locale", "count", "says"),
    [
        ("en", 0, "0 changes"),
        ("en", 1, "1 change"),
        ("fr", 0, "0 change"),
        ("de", 1200, "1.200 changes"),
        ("pl", 3, "3 few"),
    ],
)
def test_how_many_is_said_as_the_language_does(locale: str, count: int, says: str) -> None:
    say = {"found_one": "{count} change", "found_other": "{count} changes", "found_few": "{count} few"}
    assert FILTERS["counted"](say, "found", count, locale) == says


def test_what_stands_in_a_sentence_as_markup_leaves_the_rest_text() -> None:
    put_in = FILTERS["put_in"]
    assert put_in("<b> {a} {b} {c}", a=Markup("<i>x</i>"), b="{a} <u>") == "&lt;b&gt; <i>x</i> {a} &lt;u&gt; {c}"
    assert put_in("<b> {a}", a="<i>") == "<b> <i>"
