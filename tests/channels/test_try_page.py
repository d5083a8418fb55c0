"""A counsellor tries a script on the page: as a client would live it, and nothing is left behind."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.channels.pages import HEADERS
from bot.channels.try_page import TEXTS, TryPage, load_texts
from bot.errors import ContentError, SettingsError
from bot.memory.database import Database, open_database
from bot.memory.scripts import publish
from bot.safety.gate import Gate
from bot.scripts.at_hand import OneFile, Published
from bot.scripts.tree import plain
from bot.settings import PROJECT, load_settings
from tests.conftest import MovedClock

SAMPLE = (Path(__file__).parents[1] / "scripts" / "week_1.txt").read_text(encoding="utf-8")
NAME = "Week 1 - noticing bids"
SAYS = load_texts()
#: One way through the sample: a hard week, contact wanted, an idea, a reminder, two of three lines shown.
ANSWERS = ["2", "yes", "The jar that won't open", "Yes", "Yes, share it", "Yes, share it", "No, keep it private"]


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load(PROJECT / "data")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    key = base64.b64encode(bytes(32)).decode()
    opened = open_database(load_settings(home=tmp_path, database_url="", key=key))
    publish(opened, plain(NAME), NAME, SAMPLE, 1.0)
    yield opened
    opened.close()


def browser(page: TryPage, host: str = "127.0.0.1", name: str = "127.0.0.1:5005") -> TestClient:
    """A browser at an address, that calls the server by a name."""
    return TestClient(page.app(), base_url=f"http://{name}", client=(host, 50000), raise_server_exceptions=False)


@pytest.fixture
def here(database: Database, gate: Gate, clock: MovedClock) -> TestClient:
    return browser(TryPage(Published(database), gate, SAYS, clock=clock))


def said(reply: Mapping[str, Any]) -> list[str]:
    return [bubble["text"] for bubble in reply["bubbles"]]


def tries(client: TestClient, answers: list[str], script: str = NAME, **more: Any) -> dict[str, Any]:
    answer = client.post("/try", json={"script": script, "answers": answers, **more})
    assert answer.status_code == 200, answer.text
    reply: dict[str, Any] = answer.json()
    return reply


def rows(database: Database) -> dict[str, list[Any]]:
    """All that lies in the database."""
    with database.session() as session:
        tables = sa.inspect(session.get_bind()).get_table_names()
        return {name: [tuple(row) for row in session.execute(sa.text(f'SELECT * FROM "{name}"'))] for name in tables}


# ---- finding a script


def test_published_scripts_and_those_that_ship_are_listed_as_links(here: TestClient) -> None:
    page = here.get("/try")
    assert page.status_code == 200
    assert f'<a href="try?script=Week%201%20-%20noticing%20bids">{NAME}</a>' in page.text
    assert "published, version 1" in page.text
    assert "Step review</a>" in page.text and SAYS["ships"] in page.text
    assert page.text.index(NAME) < page.text.index("A small kindness"), "a practice's own ones come first"
    assert page.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_an_unknown_script_leads_to_the_one_that_was_meant(here: TestClient) -> None:
    page = here.get("/try", params={"script": "Week 1 noticing bid"})
    assert page.status_code == 404
    assert "no script called &quot;Week 1 noticing bid&quot;" in page.text
    assert SAYS["did_you_mean"] in page.text and f">{NAME}</a>" in page.text


def test_what_an_address_holds_is_shown_and_not_run(here: TestClient) -> None:
    page = here.get("/try", params={"script": "<script>alert(1)</script>\0"})
    assert page.status_code == 404 and "<script>alert" not in page.text


def test_the_page_of_a_trial_says_that_it_is_one(here: TestClient) -> None:
    page = here.get("/try", params={"script": NAME.upper()})
    assert page.status_code == 200
    assert SAYS["banner"] in page.text and "Alex" in page.text and "{" not in page.text.split("<body")[1]
    assert page.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert page.headers["cache-control"] == "no-store"


# ---- a trial


def test_a_whole_trial_goes_the_way_that_it_goes_in_the_terminal(here: TestClient) -> None:
    begun = tries(here, [])
    assert said(begun)[0] == "Hello Alex. Dr. Lee asked me to check in. It takes about four minutes."
    assert begun["bubbles"][-1]["buttons"] == [str(number) for number in range(1, 11)]
    assert (begun["done"], begun["version"]) == (False, 1)

    outside = []
    for number in range(1, len(ANSWERS) + 1):
        reply = tries(here, ANSWERS[:number], version=1)
        outside += [bubble["text"] for bubble in reply["bubbles"] if bubble["aside"]]
    assert said(reply)[-1] == "Take care, Alex." and reply["done"]
    assert outside == [
        '[A reminder is set for Sunday 17 January, 19:00, then "Step review" begins.]',
        "[Kept for later: closeness = 2]",
        "[The counsellor would see: note: closeness was 2]",
        "[The counsellor would see: contact: I would like to be contacted.]",
    ]


def test_words_that_sound_like_danger_are_answered_by_safety_and_the_script_waits(here: TestClient, gate: Gate) -> None:
    alarmed = tries(here, ["7", "I want to kill myself tonight"])
    verdict = gate.screen("I want to kill myself tonight")
    assert said(alarmed) == [bubble.text for bubble in gate.answer(verdict, None, ())]
    assert not alarmed["done"]
    back = tries(here, ["7", "I want to kill myself tonight", "ok"])
    assert said(back)[-1] == "What stood out this week?", "the question that was open"


def test_going_on_skips_a_timer(database: Database, here: TestClient) -> None:
    source = "Script: Pause\n# Start\nBreathe.\nWait: 5 minutes\nEnd: There you are.\n"
    publish(database, "pause", "Pause", source, 2.0)
    waits = tries(here, [], "Pause")
    [button] = waits["bubbles"][-1]["buttons"]
    assert tries(here, [button], "Pause")["done"]


def test_a_trial_stays_on_the_version_that_it_began_with(database: Database, here: TestClient) -> None:
    publish(database, plain(NAME), NAME, SAMPLE.replace("Hello", "Good evening"), 2.0)
    assert said(tries(here, [], version=1))[0].startswith("Hello Alex")
    newest = tries(here, [])
    assert said(newest)[0].startswith("Good evening Alex") and newest["version"] == 2
    gone = here.post("/try", json={"script": NAME, "version": 9, "answers": []})
    assert (gone.status_code, gone.json()) == (409, {"error": SAYS["changed"]})


def test_a_script_may_run_another_one_that_is_published(database: Database, here: TestClient) -> None:
    publish(database, "inner", "Inner", "Script: Inner\n# Start\nFrom inside.\nEnd:\n", 2.0)
    publish(database, "outer", "Outer", "Script: Outer\n# Start\nRun Inner\nEnd: Bye.\n", 2.0)
    assert said(tries(here, [], "outer"))[0] == "From inside."


def test_the_same_answers_sent_twice_give_the_same_trial(here: TestClient) -> None:
    assert tries(here, ANSWERS[:3]) == tries(here, ANSWERS[:3])


def test_nothing_of_a_trial_is_stored_or_logged(
    database: Database, here: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    before = rows(database)
    with caplog.at_level(logging.DEBUG, logger="bot"):
        tries(here, ["7", "a scene with a purple teapot", "I want to kill myself tonight", "ok"])
        tries(here, ANSWERS)
    assert rows(database) == before
    assert "teapot" not in caplog.text and "kill" not in caplog.text


# ---- what is refused


def test_a_trial_that_is_over_takes_no_more(here: TestClient) -> None:
    answer = here.post("/try", json={"script": NAME, "answers": [*ANSWERS, "and more"]})
    assert (answer.status_code, answer.json()) == (409, {"error": SAYS["over"]})


@pytest.mark.parametrize(
    ("sent", "status", "text"),
    [
        (b"{", 400, "not_understood"),
        (b"[" * 100_000, 400, "not_understood"),
        (b'"\xff"', 400, "not_understood"),
        (json.dumps({"answers": []}).encode(), 400, "not_understood"),
        (json.dumps({"script": NAME, "answers": ["2", 3]}).encode(), 400, "not_understood"),
        (json.dumps({"script": "x" * 301, "answers": []}).encode(), 400, "not_understood"),
        (json.dumps({"script": NAME, "version": -1, "answers": []}).encode(), 400, "not_understood"),
        (json.dumps({"script": NAME, "version": 2**40, "answers": []}).encode(), 400, "not_understood"),
        (json.dumps({"script": NAME, "answers": [], "state": {"at": 7}}).encode(), 400, "not_understood"),
        (json.dumps({"script": NAME, "answers": ["x" * 4_001]}).encode(), 413, "long_answer"),
        (json.dumps({"script": NAME, "answers": ["x" * 3_000] * 8}).encode(), 413, "long_trial"),
        (json.dumps({"script": NAME, "answers": ["7"] * 201}).encode(), 413, "long_trial"),
        (b" " * 1_000_000, 413, "long_trial"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,
)
def test_what_no_page_sends_is_refused_in_words(here: TestClient, sent: bytes, status: int, text: str) -> None:
    answer = here.post("/try", content=sent, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (status, {"error": SAYS[text]})


def test_another_sites_page_can_not_send_an_answer_without_asking(here: TestClient) -> None:
    body = json.dumps({"script": NAME, "answers": []}).encode()
    assert here.post("/try", content=body, headers={"Content-Type": "text/plain"}).status_code == 415
    assert "access-control-allow-origin" not in here.options("/try", headers={"Origin": "https://else.example"}).headers


def test_half_characters_and_nul_do_no_harm(here: TestClient) -> None:
    sent = b'{"script": "Week 1 - noticing bids\\u0000", "answers": ["7", "\\ud83d and \\u0000"]}'
    answer = here.post("/try", content=sent, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


def test_a_fault_is_said_without_the_words_that_led_to_it(
    database: Database, here: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(self: Gate, text: str) -> None:
        raise ValueError(text)

    monkeypatch.setattr(Gate, "screen", breaks)
    answer = here.post("/try", json={"script": NAME, "answers": ["a purple teapot"]})
    assert (answer.status_code, answer.json()) == (500, {"error": SAYS["broke"]})
    assert "ValueError" in caplog.text and "teapot" not in caplog.text


# ---- who may


@pytest.mark.parametrize(
    ("host", "name", "headers"),
    [
        ("192.168.1.7", "127.0.0.1:5005", {}),
        ("192.168.1.7", "coach.example", {}),
        ("127.0.0.1", "coach.example", {}),
        ("127.0.0.1", "127.0.0.1.else.example", {}),
        ("127.0.0.1", "127.0.0.1:5005", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", "localhost", {"Forwarded": "for=10.0.0.1"}),
        ("127.0.0.1", "localhost", {"Via": "1.1 proxy"}),
    ],
)
def test_nobody_elsewhere_sees_the_scripts_of_a_practice(
    database: Database, gate: Gate, host: str, name: str, headers: dict[str, str]
) -> None:
    client = browser(TryPage(Published(database), gate, SAYS), host, name)
    for address in ("/try", "/try?script=Week%201%20-%20noticing%20bids"):
        page = client.get(address, headers=headers)
        assert page.status_code == 403 and NAME not in page.text and SAYS["elsewhere"] in page.text
    answer = client.post("/try", json={"script": NAME, "answers": []}, headers=headers)
    assert (answer.status_code, answer.json()) == (403, {"error": SAYS["elsewhere"]})


@pytest.mark.parametrize(
    ("host", "name"),
    [("127.0.0.1", "localhost:5005"), ("::1", "[::1]:5005"), ("::ffff:127.0.0.1", "127.0.0.1"), ("127.8.0.1", "[::1]")],
)
def test_a_browser_on_the_same_machine_may_try(database: Database, gate: Gate, host: str, name: str) -> None:
    assert browser(TryPage(Published(database), gate, SAYS), host, name).get("/try").status_code == 200


def test_whoever_runs_toward_can_open_it_to_others(database: Database, gate: Gate) -> None:
    client = browser(TryPage(Published(database), gate, SAYS, everywhere=True), "192.168.1.7", "coach.example")
    assert client.get("/try").status_code == 200
    assert tries(client, ["2"])["bubbles"]


def test_the_setting_knows_three_words() -> None:
    assert load_settings(try_page="Everywhere").try_page == "everywhere"
    with pytest.raises(SettingsError, match="TOWARD_TRY: must be here, everywhere or off"):
        load_settings(try_page="yes")


# ---- a file that is being written


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "draft.txt"
    file.write_text(SAMPLE, encoding="utf-8")
    return file


def test_a_draft_is_tried_as_it_is_saved_now(draft: Path, gate: Gate) -> None:
    client = browser(TryPage(OneFile(draft), gate, SAYS))
    begun = tries(client, [])
    assert said(begun)[0].startswith("Hello Alex")
    draft.write_text(SAMPLE.replace("Hello", "Good evening"), encoding="utf-8")
    gone = client.post("/try", json={"script": NAME, "version": begun["version"], "answers": ["7"]})
    assert (gone.status_code, gone.json()) == (409, {"error": SAYS["changed"]})
    assert said(tries(client, []))[0].startswith("Good evening Alex")


def test_a_draft_with_errors_says_which_lines_to_mend(draft: Path, gate: Gate) -> None:
    client = browser(TryPage(OneFile(draft), gate, SAYS))
    draft.write_text(SAMPLE.replace("go to Hard week", "go to Hard weak"), encoding="utf-8")
    page = client.get("/try", params={"script": NAME})
    assert page.status_code == 409
    assert "Did you mean &quot;Hard week&quot;?" in page.text and SAYS["mend"] in page.text
    answer = client.post("/try", json={"script": NAME, "answers": []})
    assert answer.status_code == 409 and 'Did you mean "Hard week"?' in answer.json()["error"]


# ---- the texts


@pytest.mark.parametrize("change", [lambda text: text.replace("banner:", "baner:"), lambda text: "banner: ["])
def test_a_broken_text_file_is_named(tmp_path: Path, change: Callable[[str], str]) -> None:
    file = tmp_path / "try_page.yml"
    file.write_text(change(TEXTS.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ContentError, match=r"try_page\.yml"):
        load_texts(file)
