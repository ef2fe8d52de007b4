"""The whole story, step by step, over HTTP: from a producer's registration to a proof.

Every step is a function that takes the ``Story``; the first line of its docstring is what is
printed. Nothing is assumed of the server but the demonstration's organisations, so it plays on a
fresh server and, again and again, on one in use.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Final

import httpx
from rich.console import Console

from api.demo import cocoa, credit, farming, proof, together, trade
from api.demo.caller import Caller
from api.demo.credentials import Credential
from api.demo.stage import Story

TIMEOUT_SECONDS: Final = 30
Step = Callable[[Story], None]
CHAPTERS: Final[Mapping[str, tuple[Step, ...]]] = {
    "People and land": (
        farming.sign_in,
        proof.keep_checkpoint,
        farming.register_producers,
        farming.form_cluster,
        farming.survey_plots,
        farming.give_consents,
        farming.visit_farms,
    ),
    "A plan before anything is bought or lent": (
        credit.ask_too_early,
        trade.publish_catalogue,
        trade.find_offer,
        farming.plan_farm,
        credit.appraise_plan,
    ),
    "Credit that derives from the plan": (
        credit.publish_product,
        credit.commit_to_buy,
        credit.ask_readiness,
        credit.apply,
        credit.decide,
        trade.place_order,
        trade.accept_order,
        credit.pay_in_kind,
        credit.pay_work,
        trade.dispatch_order,
        trade.receive_order,
    ),
    "Bought together": (
        together.plan_members,
        together.open_pool,
        together.close_pool,
    ),
    "Cocoa, traced": (
        cocoa.deliver,
        cocoa.ferment_and_dry,
        cocoa.ship,
        cocoa.trace_back,
    ),
    "A ledger that proves itself": (proof.prove_order,),
}


def play(url: str, credentials: Mapping[str, Credential], console: Console) -> Story:
    """Play every step; raises where one fails, so that returning means that all went well.

    ``Refused`` where the API says no, ``Untraced`` or ``Unproven`` where it does not show what it
    should, httpx's ``TransportError`` where there is no server.
    """
    with httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS) as http:
        callers = {role: Caller(http, credential) for role, credential in credentials.items()}
        story = Story(callers, console, secrets.token_hex(3).upper())
        for title, steps in CHAPTERS.items():
            console.rule(f"[bold]{title}")
            for step in steps:
                console.print(f"[green]●[/] {title_of(step)}")
                step(story)
    return story


def title_of(step: Step) -> str:
    """What a step is called."""
    return (step.__doc__ or step.__name__).strip().splitlines()[0]
