"""A document's number that an earlier run of the story has used is drawn again."""

from typing import Any, cast

import httpx
import pytest
from rich.console import Console

from api.demo.caller import Caller, Refused
from api.demo.farming import ATTEMPTS, register_producers
from api.demo.people import STORY
from api.demo.stage import Story
from api.domains.producers.problems import AlreadyRegistered
from api.policies import Role


class Cooperative:
    """Knows the first so many documents already."""

    def __init__(self, known: int, code: str = AlreadyRegistered.code) -> None:
        self.known, self.code = known, code

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self.known -= 1
        if self.known >= 0:
            request = httpx.Request("POST", f"http://mazorca.test{path}")
            raise Refused(httpx.Response(409, json={"code": self.code}, request=request))
        return {"id": "0198", **body}


def story_of(cooperative: Cooperative) -> Story:
    callers = {Role.PRODUCER_ORGANIZATION.value: cast(Caller, cooperative)}
    return Story(callers, Console(quiet=True), "TEST")


def test_a_number_in_use_is_drawn_again() -> None:
    story = story_of(Cooperative(known=ATTEMPTS - 1))
    register_producers(story)
    assert len(story.people) == len(STORY)


def test_not_for_ever_and_not_after_another_refusal() -> None:
    with pytest.raises(RuntimeError, match="no unused document"):
        register_producers(story_of(Cooperative(known=ATTEMPTS)))
    with pytest.raises(Refused):
        register_producers(story_of(Cooperative(known=1, code="not-allowed")))
