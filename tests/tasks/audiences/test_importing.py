"""People from a file: every good row, a line for every bad one, nothing sent; and out again, harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from checklists.errors import LaunchError
from checklists.subscriber import Subscriber
from tasks.audiences.importing import export_people, harmless, import_people
from tasks.audiences.reading import Asked, BadRow, read_people
from tasks.audiences.rows import LONGEST
from tasks.world import World
from tests.checklists.launches import NOW
from tests.web.people.crowd import ORGANISATION
from tests.web.room import make_world

HEAD = "address,name,plan,topics"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    home = tmp_path / "home"
    home.mkdir()
    (home / "organisation.yaml").write_text(ORGANISATION)
    made = make_world(home)
    yield made
    made.ledger.dispose()


def file(tmp_path: Path, text: str | bytes) -> Path:
    made = tmp_path / "a.csv"
    made.write_bytes(text.encode() if isinstance(text, str) else text)
    return made


def taken(world: World, source: Path, consent: str = "contract", **more: bool) -> tuple[dict[str, int], list[str]]:
    told: list[BadRow] = []
    fates, bad, _ = import_people(world, source, consent=consent, lists=("crm",), tell=told.append, **more)
    assert bad == len(told)
    return {str(fate): count for fate, count in fates.items() if count}, [str(one) for one in told]


def known(world: World) -> list[Subscriber]:
    return sorted(world.ledger.subscribers.everybody(), key=lambda one: one.key)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_way_in_which_spreadsheets_write_is_read(tmp_path: Path, encoding: str, sign: str, end: str) -> None:
    inner = sign.replace("\t", ",")
    lines = ["E-Mail,Name,Plan".replace(",", sign), f'joerg@example.com{sign}"Jörg{inner} the ""1st"""{sign}Größer']
    source = file(tmp_path, (end.join(lines) + end).encode(encoding))
    (found,) = read_people(source, Asked({}, NOW))
    assert not isinstance(found, BadRow)
    assert (found.address, found.name) == ("joerg@example.com", f'Jörg{inner} the "1st"')
    assert found.attributes == {"plan": "Größer"}


def test_good_rows_come_in_and_bad_ones_are_told(world: World, tmp_path: Path) -> None:
    rows = [
        HEAD,
        "ada@example.com,Ada,Pro,acme sdk",
        "ben,Ben,,",
        "",
        "c@example.com,C,,nope",
        "d@example.com,D,,,,",
        "e@example.com,E,,",
    ]
    fates, told = taken(world, file(tmp_path, "\n".join(rows)))
    assert fates == {"new": 2}
    assert told == [
        "a.csv:3: address: 'ben' cannot be mailed: it is no mail address; one reads like ada@example.com",
        'a.csv:5: topics: no topic is called "nope"; known: acme, sdk, roadmap-sso, beta-programme',
        "a.csv:6: there are 6 cells for 4 columns; quote what holds the separator",
    ]
    ada, eve = known(world)
    assert (ada.state, ada.topics, ada.lists) == ("confirmed", frozenset({"acme", "sdk"}), frozenset({"crm"}))
    assert (eve.attributes, eve.topics) == ({}, frozenset())


@pytest.mark.parametrize(
    ("columns", "row", "said"),
    [
        ("state", "confirmed", "state: say in a column `consent`"),
        ("state", "happy", 'state: no state is called "happy"'),
        ("locale", "german", "locale: 'german' is no language"),
        ("timezone", "Mars/Base", "timezone: 'Mars/Base' is not a time zone"),
        ("lists", "Bad_List", "lists: 'Bad_List' is no name of a list"),
        ("plan", "x" * 501, "plan: at most 500 signs"),
        ("plan", "a\x07b", "plan: at most 500 signs in one line"),
        ("name", "x" * 201, "name: at most 200 signs"),
        ("name", '"a\nBcc: all@example.com"', "name: at most 200 signs in one line"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, columns: str, row: str, said: str) -> None:
    (found,) = read_people(file(tmp_path, f"address,{columns}\nada@example.com,{row}\n"), Asked({}, NOW))
    assert isinstance(found, BadRow)
    assert said in found.problem
    assert found.line == 2


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("jörg@example.com", "no mail can be sent to a name with signs beyond ASCII before its @"),
        ("h\u200b@example.com", "no mail can be sent to a name with signs beyond ASCII"),
        ("f@localhost", "its domain is not whole; one reads like ada@example.com"),
        ("e@x..org", "it is no mail address"),
        (".e@x.org", "it is no mail address"),
        ("e@straße.example", "its domain has no form in ASCII that is certain"),
        ("e@ü..example", "its domain has no form in ASCII that is certain"),
    ],
)
def test_an_address_that_no_mail_can_reach_is_a_line_of_the_report(tmp_path: Path, address: str, said: str) -> None:
    (found,) = read_people(file(tmp_path, f"address\n{address}\n"), Asked({}, NOW))
    assert isinstance(found, BadRow)
    assert (found.line, found.problem.startswith(f"address: {address!r} cannot be mailed: {said}")) == (2, True)


def test_a_domain_in_any_script_comes_in_as_mail_servers_know_it(world: World, tmp_path: Path) -> None:
    fates, told = taken(world, file(tmp_path, "address\nada@MÜLLER.example\nada@xn--mller-kva.example\n"))
    assert (fates, told) == ({"new": 1, "same": 1}, [])
    assert [one.address for one in known(world)] == ["ada@xn--mller-kva.example"]
    assert world.ledger.subscribers.find("Ada@Müller.example") == known(world)[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column is called `address` or `email`"),
        ("name,plan\n", "no column is called `address` or `email`"),
        ("address,email\n", "two columns hold `address`"),
        ("address,Über\n", "cannot name an attribute"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_whole(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LaunchError, match=said):
        list(read_people(file(tmp_path, text), Asked({}, NOW)))
    with pytest.raises(LaunchError, match="cannot be read"):
        list(read_people(tmp_path / "absent.csv", Asked({}, NOW)))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("after", [0, 1, 3, LONGEST + 5])
def test_a_stray_quote_costs_its_own_row_alone(world: World, tmp_path: Path, after: int, end: str) -> None:
    rows = ["address,name", "a@x.org,A", 'b@x.org,"Bob', *(f"p{n}@x.org,P" for n in range(after)), ""]
    fates, told = taken(world, file(tmp_path, end.join(rows)))
    assert fates == {"new": 1 + after}
    assert told == ["a.csv:3: a quote that opens here is not closed; close it, or take it out"]


def test_each_line_below_a_stray_quote_is_read_by_itself(world: World, tmp_path: Path) -> None:
    rows = ["address,name", 'b@x.org,"Bob', "c@x.org,C", 'd,"D', 'e@x.org,"Smith, ""E"""', 'f@x.org,"F"F', "g@x.org,G"]
    fates, told = taken(world, file(tmp_path, "\n".join(rows)))
    assert fates == {"new": 3}
    assert [one.partition(" ")[0] for one in told] == ["a.csv:2:", "a.csv:4:", "a.csv:6:"]
    assert [one.name for one in known(world)] == ["C", 'Smith, "E"', "G"]


def test_a_row_of_several_lines_stays_one_row(world: World, tmp_path: Path) -> None:
    """What stands within its quotes is not read as a row, and what it took along is said."""
    rows = ["address,name", 'ada@example.com,"Ada', "evil@example.com,Evil", '"', "ben@example.com,Ben"]
    fates, told = taken(world, file(tmp_path, "\n".join(rows)))
    assert fates == {"new": 1}
    said = "a.csv:2: by their quotes, lines 2 to 4 are one row: name: at most 200 signs in one line"
    assert [one.partition(", without")[0] for one in told] == [said]


@pytest.mark.parametrize("rehearse", [True, False])
def test_an_address_that_comes_again_is_counted_as_it_is_then(world: World, tmp_path: Path, rehearse: bool) -> None:
    taken(world, file(tmp_path, "address,name\nold@x.org,Old\n"))
    rows = ["address,name,state", "a@x.org,,", "A@x.org,,", "a@x.org,A,", "a@x.org,,unsubscribed", "a@x.org,,"]
    source = file(tmp_path, "\n".join([*rows, "old@x.org,,", "old@x.org,New,", "old@x.org,New,"]))
    assert taken(world, source, rehearse=rehearse)[0] == {"new": 1, "renewed": 3, "same": 3, "left": 1}


def test_a_dry_run_says_the_same_and_changes_nothing(world: World, tmp_path: Path) -> None:
    source = file(tmp_path, f"{HEAD}\nada@example.com,Ada,Pro,acme\nben,,,\n")
    rehearsed = taken(world, source, rehearse=True)
    assert known(world) == []
    assert taken(world, source) == rehearsed
    before = known(world)
    again = file(tmp_path, f"{HEAD}\nADA@example.com,Ada A.,Pro,acme\n")
    assert taken(world, again, rehearse=True)[0] == {"renewed": 1}
    assert known(world) == before
    assert taken(world, again)[0] == {"renewed": 1}


def test_who_comes_without_a_topic_is_counted(world: World, tmp_path: Path) -> None:
    source = file(
        tmp_path, f"{HEAD}\nada@example.com,Ada,Pro,acme\nben@example.com,Ben,,\ncleo@example.com,,,\nbad,,,\n"
    )
    for rehearse in (True, False):
        assert import_people(world, source, consent="contract", rehearse=rehearse)[1:] == (1, 2)


def test_without_consent_nobody_is_confirmed(world: World, tmp_path: Path) -> None:
    taken(world, file(tmp_path, "address,consent\nada@example.com,\nben@example.com,fair 2026\n"), consent="")
    assert [one.state for one in known(world)] == ["unconfirmed", "confirmed"]


def test_an_import_sends_nothing(world: World, tmp_path: Path) -> None:
    taken(world, file(tmp_path, f"{HEAD}\nada@example.com,Ada,Pro,acme\n"))
    assert not world.ledger.notices.are_due(world.now().replace(year=2099))
    assert not world.settings.outbox.exists()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-cmd", "'-cmd"),
        ("@SUM", "'@SUM"),
        ("-5", "-5"),
        (-5, "-5"),
        (True, "true"),
        ("a=b", "a=b"),
        ("'=1", "'=1"),
    ],
)
def test_nothing_that_is_exported_is_a_formula(value: str | int | bool, written: str) -> None:
    assert harmless(value) == written


def test_what_goes_out_comes_in_again(world: World, tmp_path: Path) -> None:
    text = f'{HEAD},consent\nada@example.com,"=HYPERLINK(""http://evil.example"")",-5,acme\nben@example.com,Ben,+1,\n'
    taken(world, file(tmp_path, text))
    world.ledger.wishes.unsubscribe(known(world)[1].id, "page", "", world.now())
    out = io.StringIO()
    assert export_people(world, out) == 2
    cells = [cell for row in csv.reader(io.StringIO(out.getvalue())) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    (cell,) = [cell for cell in cells if "contract" in cell]
    assert cell == "import, a.csv: contract"
    before = known(world)
    assert taken(world, file(tmp_path, out.getvalue()))[0] == {"same": 1, "left": 1}
    assert known(world) == before


def test_a_forgotten_person_is_not_exported(world: World, tmp_path: Path) -> None:
    taken(world, file(tmp_path, f"{HEAD}\nada@example.com,Ada,Pro,acme\n"))
    world.ledger.wishes.forget(known(world)[0].id, world.now())
    out = io.StringIO()
    assert export_people(world, out) == 0
    assert "ada" not in out.getvalue()


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2026-03-31", "2026-03-31T00:00:00+00:00"),
        ("2026-03-31T09:30:00+02:00", "2026-03-31T07:30:00+00:00"),
        ("2026-03-31 09:30Z", "2026-03-31T09:30:00+00:00"),
        ("", "now"),
    ],
)
def test_when_they_agreed_is_kept_and_sends_nothing(world: World, tmp_path: Path, said: str, at: str) -> None:
    before = world.now()
    assert taken(world, file(tmp_path, f"address,consented\nada@example.com,{said}\n")) == ({"new": 1}, [])
    (ada,) = known(world)
    (consent,) = world.ledger.wishes.consents(ada.id)
    assert consent.at >= before if at == "now" else consent.at.isoformat() == at
    assert (consent.what, consent.origin) == ("confirmed", "a.csv: contract")
    assert not world.ledger.notices.are_due(world.now().replace(year=2099))


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("yesterday", "'yesterday' is no moment; one reads like 2026-03-31"),
        ("2026-03-31T09:30:00", "'2026-03-31T09:30:00' is no moment"),
        ("31.03.2026", "'31.03.2026' is no moment"),
        ("2026-02-30", "'2026-02-30' is in no calendar"),
        ("0001-01-01T00:00+14:00", "0001-01-01T00:00+14:00 is too long ago"),
        ("9999-12-31", "9999-12-31 is still to come"),
        ("9999-12-31T23:59-14:00", "9999-12-31T23:59-14:00 is still to come"),
    ],
)
def test_a_moment_that_cannot_be_is_a_line_of_the_report(world: World, tmp_path: Path, said: str, problem: str) -> None:
    fates, told = taken(world, file(tmp_path, f"address,consented\nada@example.com,{said}\n"))
    assert (fates, len(told)) == ({}, 1)
    assert told[0].startswith(f"a.csv:2: consented: {problem}")


def test_a_moment_without_a_consent_says_nothing(world: World, tmp_path: Path) -> None:
    _, told = taken(world, file(tmp_path, "address,consented\nada@example.com,2026-03-31\n"), consent="")
    assert told == ["a.csv:2: consented: say in a column `consent`, or with --consent, how they agreed"]


def test_when_they_agreed_goes_out_and_comes_in_elsewhere(world: World, tmp_path: Path) -> None:
    rows = "address,consented\nada@example.com,2026-03-31T09:30:00.25+02:00\nben@example.com,\n"
    taken(world, file(tmp_path, rows))
    out = io.StringIO()
    export_people(world, out)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "organisation.yaml").write_text(ORGANISATION)
    other = make_world(tmp_path / "other")
    assert taken(other, file(tmp_path, out.getvalue()), consent="")[0] == {"new": 2}
    said = [[one.at for one in at.ledger.wishes.consents(who.id)] for at in (world, other) for who in known(at)]
    other.ledger.dispose()
    assert said[:2] == said[2:]
