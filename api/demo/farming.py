"""Chapter one: people, land, what they agreed to, and what they plan."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final

from api.core.clock import now, today
from api.core.ids import new_id
from api.demo.caller import Refused
from api.demo.land import STORY_FIELDS, field, free_start, plot
from api.demo.people import STORY, TOCACHE, Person, registration
from api.demo.sown import CONSENT_TEXT, RECIPIENTS, YEARS
from api.demo.stage import Document, Story, short
from api.domains.producers.problems import AlreadyRegistered

GUANO_KG: Final = "600.000"
ATTEMPTS: Final = 5


def sign_in(story: Story) -> None:
    """Every organisation's program gets its token"""
    for role, caller in story.callers.items():
        scopes = caller.sign_in()
        story.say(f"{role}: {caller.name}, {len(scopes)} scopes")


def register_producers(story: Story) -> None:
    """The cooperative registers producers"""
    for person in STORY:
        story.people.append(_registered(story, person))
    story.say(f"{len(story.people)} producers: {', '.join(short(p) for p in story.people)}")


def _registered(story: Story, person: Person) -> Document:
    """Numbers are drawn by lot; one that an earlier run has used is drawn again."""
    for _ in range(ATTEMPTS):
        body = registration(person, secrets.randbelow(9_000_000), TOCACHE)
        try:
            found: Document = story.cooperative.post("/v1/producers", body)
        except Refused as refused:
            if refused.code != AlreadyRegistered.code:
                raise
        else:
            return found
    raise RuntimeError("no unused document number found")


def form_cluster(story: Story) -> None:
    """They form a cluster"""
    wish = {"name": f"Grupo {story.mark}", "kind": "associated", "ubigeo": TOCACHE}
    story.cluster = story.cooperative.post("/v1/clusters", wish)
    joined = str(today() - timedelta(days=365))
    for person in story.people:
        member = {"producer_id": person["id"], "joined_on": joined}
        story.cooperative.post(f"/v1/clusters/{story.cluster['id']}/members", member)
    story.say(f"cluster {short(story.cluster)}, {len(story.people)} members")


def survey_plots(story: Story) -> None:
    """Their plots are walked, and judged by the EU's geometry rules on arrival"""
    start = free_start()
    for number, person in enumerate(story.people):
        place = field(STORY_FIELDS, start + number)
        wish = plot(person["id"], f"Parcela {number + 1}", place, TOCACHE)
        story.farms.append(story.cooperative.post("/v1/plots", wish))
    area = ", ".join(f"{each['area_ha']} ha" for each in story.farms)
    story.say(f"{len(story.farms)} plots: {area}")


def give_consents(story: Story) -> None:
    """They consent, purpose by purpose, to who may see what"""
    for person in story.people:
        for purpose, role in RECIPIENTS.items():
            wish = {
                "producer_id": person["id"],
                "purpose": purpose.value,
                "recipient_role": role.value,
                "text_version": "2026-03",
                "text_hash": hashlib.sha256(CONSENT_TEXT.encode()).hexdigest(),
                "channel": "app",
                "valid_from": str(today()),
                "valid_until": str(today() + YEARS),
            }
            story.cooperative.post("/v1/consents", wish)
    seen = story.agronomists.get(
        f"/v1/producers/{story.borrower['id']}", purpose="service_delivery"
    )
    hidden = sorted(name for name in ("document", "sex", "birth_year") if seen[name] is None)
    story.say(f"the agronomists see the borrower; hidden from them: {', '.join(hidden)}")


def visit_farms(story: Story) -> None:
    """An agronomist walks the farms without a connection, and sends the visits in one batch"""
    noted = now().isoformat()
    items = [
        {"kind": "visit", "id": str(new_id()), "captured_at": noted, "body": _visit(person, farm)}
        for person, farm in zip(story.people, story.farms, strict=True)
    ]
    answer = story.agronomists.post("/v1/field-batches", {"items": items})
    story.visits = [item["id"] for item in answer["items"] if item["status"] == "applied"]
    story.say(f"{len(story.visits)} visits applied, {answer['refused']} refused")


def _visit(person: Document, farm: Document) -> dict[str, Any]:
    return {
        "producer_id": person["id"],
        "visited_on": str(today()),
        "technician_code": "TEC-07",
        "practice": "fertilization",
        "finding": "Hojas amarillas; el suelo pide abono orgánico.",
        "recommendation": "Abonar antes de las lluvias.",
        "plot_ids": [farm["id"]],
    }


def plan_farm(story: Story) -> None:
    """From the visit, the agronomist plans the borrower's farm; the producer accepts"""
    story.plan = agreed(story, farm_plan(story))
    costs = story.plan["totals"]["all"]
    story.say(
        f"plan {short(story.plan)}: {len(story.plan['lines'])} lines, {costs['amount']}"
        f" {costs['currency']}, {story.plan['conservation_ha']} ha of forest kept"
    )


def agreed(story: Story, wish: dict[str, Any]) -> Document:
    """A plan that was approved by the agronomists and accepted for the producer."""
    plan = story.agronomists.post("/v1/farm-plans", wish)
    path = f"/v1/farm-plans/{plan['id']}"
    story.agronomists.post(f"{path}/submit")
    story.agronomists.post(f"{path}/approve")
    found: Document = story.cooperative.post(f"{path}/accept")
    return found


def farm_plan(story: Story, number: int = 0, lines: list[Document] | None = None) -> Document:
    """Three years for one producer's plot; unless told, with fertilizer, work and advice in the
    first.
    """
    start = today().replace(day=1)
    farm = story.farms[number]
    return {
        "producer_id": story.people[number]["id"],
        "cluster_id": story.cluster["id"],
        "visit_ids": [story.visits[number]],
        "starts_on": str(start),
        "ends_on": str(start.replace(year=start.year + 3) - timedelta(days=1)),
        "conservation_ha": "1.0000",
        "expected_yields": [
            {"year": start.year + n, "kg_per_ha": kg}
            for n, kg in enumerate(("600.000", "850.000", "1000.000", "1000.000"))
        ],
        "zones": [
            {
                "plot_id": farm["id"],
                "current_use": "cocoa",
                "future_use": "cocoa_agroforestry",
                "treatment": "rehabilitate",
                "area_ha": farm["area_ha"],
            }
        ],
        "lines": lines
        or [
            line(farm, "input", "fertilizer", "Guano de isla", "KGM", GUANO_KG, "1140.00"),
            line(farm, "service", "technical_assistance", "Visitas técnicas", "HUR",
                 "8.000", "280.00"),
            line(farm, "labour", None, "Jornales de abonamiento", "DAY", "10.000", "600.00"),
        ],
    }  # fmt: skip


def line(farm: Document, kind: str, category: str | None, what: str, *amounts: str) -> Document:
    """A line of a plan, for the month that the plan begins with."""
    unit, quantity, cost = amounts
    return {
        "plot_id": farm["id"],
        "month": str(today().replace(day=1)),
        "activity": what,
        "kind": kind,
        "category": category,
        "specification": what,
        "unit": unit,
        "quantity": quantity,
        "estimated_cost": {"amount": cost, "currency": "PEN"},
    }
