"""``mazorca demo`` plays the whole story on a server in use, and nobody's name leaks from it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.demo.caller import Caller
from api.demo.credentials import write
from api.demo.people import NEAR_JUANJUI, NEAR_TOCACHE, STORY
from api.policies import Role
from tests.e2e.server import ANSWER_SECONDS, Mazorca
from tests.traces import told

pytestmark = pytest.mark.e2e

PEOPLE = (*NEAR_TOCACHE, *NEAR_JUANJUI, *STORY)


def play(mazorca: Mazorca) -> str:
    """One run of the story: what it printed."""
    played = mazorca.command("demo", "--url", mazorca.url)
    assert played.returncode == 0, played.stdout + played.stderr
    return played.stdout


def registered(mazorca: Mazorca) -> list[dict[str, Any]]:
    """Every producer that the demonstration made up; other tests register theirs here, too."""
    with httpx.Client(base_url=mazorca.url, timeout=ANSWER_SECONDS) as http:
        cooperative = Caller(http, mazorca.credentials()[Role.PRODUCER_ORGANIZATION])
        cooperative.sign_in()
        found, cursor = [], None
        while True:
            page = cooperative.get(
                "/v1/producers", limit=100, **({"cursor": cursor} if cursor else {})
            )
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                made_up = {(person.given_names, person.family_names) for person in PEOPLE}
                return [
                    each for each in found if (each["given_names"], each["family_names"]) in made_up
                ]


def test_the_story_plays_again_and_again(mazorca: Mazorca) -> None:
    for _ in range(2):
        printed = play(mazorca)
        plots = set(re.findall(r"plot ([0-9a-f-]{36})", printed))
        assert len(plots) >= 3
        assert re.search(r"order [0-9a-f-]{36}: 600\.000 KGM Guano", printed)
        assert re.search(r"loan [0-9a-f-]{36}:", printed)
        assert "The story is complete." in printed


def test_without_a_server_it_says_so(absent: Mazorca, mazorca: Mazorca) -> None:
    secrets = str(mazorca.data / "demo-credentials.json")
    played = absent.command("demo", "--url", absent.url, "--credentials", secrets)
    assert played.returncode == 2
    assert "No answer" in played.stderr
    assert "Traceback" not in played.stderr


def test_without_credentials_it_says_so(absent: Mazorca) -> None:
    played = absent.command("demo", "--url", absent.url)
    assert played.returncode == 2
    assert "No demonstration credentials" in played.stderr


def test_a_refusal_ends_it_and_names_the_reason(
    absent: Mazorca, mazorca: Mazorca, tmp_path: Path
) -> None:
    known = mazorca.credentials()
    stale = {role: replace(each, client_secret="mzk_" + "x" * 43) for role, each in known.items()}
    write(tmp_path / "stale.json", stale)
    secrets = str(tmp_path / "stale.json")
    played = absent.command("demo", "--url", mazorca.url, "--credentials", secrets)
    assert played.returncode == 1
    assert "POST /oauth2/token: 401" in played.stderr
    assert "Traceback" not in played.stderr


def personal(people: Sequence[dict[str, Any]]) -> list[str]:
    """What of these registrations no log and no ledger entry may hold."""
    return [
        text
        for each in people
        for text in (
            each["document"]["number"],
            each["phone"],
            *each["given_names"].split(),
            *each["family_names"].split(),
        )
    ]


def test_nobody_s_name_is_in_a_log_or_in_the_ledger(mazorca: Mazorca) -> None:
    play(mazorca)
    people = registered(mazorca)
    assert len(people) >= 12 + 5
    provoke_refusals(mazorca, people[0])
    words = personal(people)
    output = told(mazorca.output())
    with mazorca.database() as connection:
        bodies = [row[0] for row in connection.execute("SELECT body FROM ledger_entries")]
    assert '"event":"serving"' in output
    assert len(bodies) > 100
    ledger = told("\n".join(bodies))
    assert [word for word in words if word in output or word in ledger] == []


def provoke_refusals(mazorca: Mazorca, person: dict[str, Any]) -> None:
    """Refusals are logged: of a registration that exists, and of two that cannot be read."""
    wish = {
        "document": person["document"],
        "given_names": person["given_names"],
        "family_names": person["family_names"],
        "birth_year": person["birth_year"],
        "ubigeo": person["ubigeo"],
        "association_status": "associated",
        "phone": person["phone"],
    }
    bad = {**wish, "document": {**person["document"], "check": "?"}, "unknown": person["phone"]}
    with httpx.Client(base_url=mazorca.url, timeout=ANSWER_SECONDS) as http:
        cooperative = Caller(http, mazorca.credentials()[Role.PRODUCER_ORGANIZATION])
        cooperative.sign_in()
        headers = {"Authorization": f"Bearer {cooperative.token}"}
        statuses = []
        for body in (wish, bad):
            answer = http.post("/v1/producers", json=body, headers=headers)
            assert [word for word in personal([person]) if word in answer.text] == []
            statuses.append(answer.status_code)
        number = person["document"]["number"]
        statuses.append(http.get(f"/v1/producers/{number}", headers=headers).status_code)
    assert statuses == [409, 422, 422]
