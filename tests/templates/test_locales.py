from __future__ import annotations

from datetime import date

import pytest

from templates.locales import chain, day, language, nearest, normal, number, spoken, towns


@pytest.mark.parametrize(
    ("wanted", "offered", "gets"),
    [
        ("pt-BR", ("en", "pt", "pt-BR"), "pt-BR"),
        ("pt-BR", ("en", "pt"), "pt"),
        ("pt-BR", ("en", "de"), "en"),
        ("pt", ("en", "pt-BR"), "pt-BR"),
        ("pt-PT", ("en", "pt-BR"), "pt-BR"),
        ("DE_at.UTF-8", ("en", "de"), "de"),
        ("zh-Hant-TW", ("en", "zh-Hant"), "zh-Hant"),
        ("", ("de", "en"), "de"),
        ("../../etc", ("en", "de"), "en"),
        ("C", ("fr",), "fr"),
    ],
)
def test_people_get_the_nearest_language_there_is(wanted: str, offered: tuple[str, ...], gets: str) -> None:
    assert spoken(wanted, offered) == gets


def test_a_locale_is_looked_for_from_near_to_far() -> None:
    assert chain("zh-Hant-TW") == ("zh-Hant-TW", "zh-Hant", "zh")
    assert chain("") == ()
    assert normal("pt_br") == "pt-BR"
    assert normal("x") == ""


def test_the_first_of_a_month_is_said_as_it_is_written() -> None:
    said = {locale: day(date(2026, 12, 1), locale) for locale in ("en", "de", "fr", "fr-CA")}
    assert (said["en"], said["de"], said["fr"]) == ("1 December 2026", "1. Dezember 2026", "1er décembre 2026")
    assert said["fr-CA"] == said["fr"]
    assert day(date(2026, 12, 11), "fr") == "11 décembre 2026"


@pytest.mark.parametrize(
    ("locale", "said", "count"),
    [
        ("en", "26 November 2026", "12,500"),
        ("de", "26. November 2026", "12.500"),
        ("fr", "26 novembre 2026", "12\u202f500"),
        ("fr-XX", "26 novembre 2026", "12\u202f500"),
        ("tlh", "26 November 2026", "12,500"),
        ("", "26 November 2026", "12,500"),
    ],
)
def test_dates_and_numbers_read_as_people_write_them(locale: str, said: str, count: str) -> None:
    assert day(date(2026, 11, 26), locale) == said
    assert day("2026-11-26T12:00:00+00:00", locale) == said
    assert number(12500, locale) == count


def test_a_language_nobody_offers_is_none() -> None:
    assert [nearest(one, ("en", "pt-BR")) for one in ("pt", "de", "")] == ["pt-BR", "", ""]


def test_languages_and_towns_are_called_as_people_there_call_them() -> None:
    assert [language(one) for one in ("en", "de", "fr", "pt-BR", "tlh")] == [
        "English",
        "Deutsch",
        "Français",
        "Português (Brasil)",
        "tlh",
    ]
    zones = ("Europe/Vienna", "Asia/Ho_Chi_Minh", "America/New_York")
    assert [town for _, town in towns(zones, "de")] == ["Wien", "Ho Chi Minh", "New York"]
