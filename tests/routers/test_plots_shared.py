"""What other organisations see of a plot, and plots as GeoJSON."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from api.core.geo.features import parse_document
from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.consents import new_consent
from tests.factories.plots import new_plot, point
from tests.factories.producers import new_producer
from tests.routers.test_plots import PLOTS, of

GEOJSON = "application/geo+json"
SERVED = "?purpose=service_delivery"


@dataclass
class Served:
    coop: Caller
    ta: Caller
    producer: str
    plot: dict[str, Any]
    consent: dict[str, Any]

    async def accesses(self) -> list[dict[str, Any]]:
        path = f"/v1/producers/{self.producer}/access-log"
        found: list[dict[str, Any]] = (await self.coop.get(path)).json()["items"]
        return found


@pytest.fixture
async def served(callers: Callers) -> Served:
    """A cooperative's producer with a plot and a consent to one assistance provider."""
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    ta = await callers.new(Role.TA_PROVIDER)
    producer = (await new_producer(coop))["id"]
    plot = await new_plot(coop, producer, external_id="S-1")
    consent = await new_consent(coop, producer, "service_delivery", ta)
    return Served(coop, ta, producer, plot, consent)


class TestDisclosure:
    async def test_a_provider_sees_the_land_it_serves_and_leaves_a_trace(
        self, served: Served
    ) -> None:
        answer = await served.ta.get(of(served.plot, SERVED))
        assert answer.status_code == 200
        seen = answer.json()
        assert seen["geometry"] == served.plot["geometry"]
        assert seen["disclosure"] == {
            "purpose": "service_delivery",
            "consent_id": served.consent["id"],
        }
        assert (seen["tenure_document"], seen["external_id"]) == (None, None)
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "private, no-store"
        [access] = await served.accesses()
        assert access["operation"] == "get_plot"
        assert access["organization_id"] == str(served.ta.organization_id)
        assert access["consent_id"] == served.consent["id"]

    async def test_the_list_of_those_served(self, callers: Callers, served: Served) -> None:
        await new_plot(served.coop, (await new_producer(served.coop))["id"])
        # Others let every provider serve them.
        found = (await served.ta.get(f"{PLOTS}{SERVED}&limit=100")).json()["items"]
        coop = str(served.coop.organization_id)
        own = [plot["id"] for plot in found if plot["organization_id"] == coop]
        assert own == [served.plot["id"]]
        [access] = await served.accesses()
        assert access["operation"] == "list_plots"
        by_code = await served.ta.get(f"{PLOTS}{SERVED}&external_id=S-1")
        assert by_code.json()["items"] == []

    async def test_without_a_purpose_it_must_state_one(self, served: Served) -> None:
        answer = await served.ta.get(of(served.plot))
        assert (answer.status_code, answer.json()["code"]) == (403, "consent-required")
        assert answer.json()["purposes"] == ["service_delivery"]
        assert (await served.ta.get(PLOTS)).json()["items"] == []
        assert await served.accesses() == []

    async def test_a_revoked_consent_ends_it_at_once(self, served: Served) -> None:
        await served.coop.make(f"/v1/consents/{served.consent['id']}/revoke")
        answer = await served.ta.get(of(served.plot, SERVED))
        assert (answer.status_code, answer.json()["code"]) == (403, "consent-required")
        assert (await served.ta.get(PLOTS + SERVED)).json()["items"] == []
        assert await served.accesses() == []

    async def test_a_provider_without_consent_does_not_learn_of_it(
        self, callers: Callers, served: Served
    ) -> None:
        stranger = await callers.new(Role.TA_PROVIDER)
        for path in (of(served.plot, SERVED), of(served.plot), f"{PLOTS}/{new_id()}{SERVED}"):
            answer = await stranger.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
        assert (await stranger.get(PLOTS + SERVED)).json()["items"] == []

    @pytest.mark.parametrize("purpose", ["credit_readiness", "traceability_disclosure", "x"])
    async def test_land_is_shown_for_one_purpose_only(self, served: Served, purpose: str) -> None:
        assert (await served.ta.get(of(served.plot, f"?purpose={purpose}"))).status_code == 422
        assert (await served.ta.get(f"{PLOTS}?purpose={purpose}")).status_code == 422

    async def test_ones_own_land_needs_no_consent(self, served: Served) -> None:
        answer = await served.coop.get(of(served.plot, SERVED))
        assert answer.json()["disclosure"] is None
        assert answer.json()["tenure_document"] == served.plot["tenure_document"]
        assert (await served.coop.get(PLOTS + SERVED)).json()["items"] == []
        assert await served.accesses() == []

    async def test_history_and_changes_stay_at_home(self, served: Served) -> None:
        assert (await served.ta.get(of(served.plot, "/geometries"))).status_code == 404
        assert (await served.ta.get(of(served.plot, "/overlaps"))).status_code == 404


class TestGeoJson:
    async def test_a_page_is_a_feature_collection(self, served: Served) -> None:
        await new_plot(served.coop, served.producer, geometry=point(), declared_area_ha="2")
        plain = await served.coop.get(f"{PLOTS}?limit=2&include=total")
        answer = await served.coop.get(
            f"{PLOTS}?limit=2&include=total", headers={"Accept": GEOJSON}
        )
        assert answer.headers["content-type"] == GEOJSON
        document = answer.json()
        assert parse_document(document).well_formed
        assert document["type"] == "FeatureCollection"
        assert document["total"] == 2
        features = document["features"]
        assert [
            {**feature["properties"], "geometry": feature["geometry"]} for feature in features
        ] == plain.json()["items"]
        assert [feature["id"] for feature in features] == [
            plot["id"] for plot in plain.json()["items"]
        ]

    async def test_pages_go_on(self, served: Served) -> None:
        await new_plot(served.coop, served.producer)
        accept = {"Accept": GEOJSON}
        first = await served.coop.get(f"{PLOTS}?limit=1", headers=accept)
        rest = await served.coop.get(first.links["next"]["url"], headers=accept)
        assert len(first.json()["features"]) == len(rest.json()["features"]) == 1
        assert first.json()["features"] != rest.json()["features"]
        assert rest.json()["next"] is None

    async def test_one_plot_is_a_feature(self, served: Served) -> None:
        answer = await served.coop.get(of(served.plot), headers={"Accept": GEOJSON})
        assert answer.headers["content-type"] == GEOJSON
        assert parse_document(answer.json()).well_formed
        assert answer.json()["id"] == served.plot["id"]
        assert answer.json()["geometry"] == served.plot["geometry"]
        # The ETag would be that of the JSON: a change must be made from what that says.
        assert "etag" not in answer.headers

    async def test_disclosed_features_leave_their_trace_too(self, served: Served) -> None:
        for path in (PLOTS + SERVED, of(served.plot, SERVED)):
            answer = await served.ta.get(path, headers={"Accept": GEOJSON})
            assert answer.headers["content-type"] == GEOJSON
        assert len(await served.accesses()) == 2

    @pytest.mark.parametrize(
        ("accept", "expected"),
        [
            ("application/geo+json", GEOJSON),
            ("application/geo+json, application/json;q=0.5", GEOJSON),
            ("APPLICATION/GEO+JSON;q=0.2", GEOJSON),
            ("application/json, application/geo+json;q=0.9", "application/json"),
            ("application/json, application/geo+json", "application/json"),
            ("application/geo+json;q=0", "application/json"),
            ("application/geo+json;q=x", "application/json"),
            ("*/*", "application/json"),
            ("", "application/json"),
            (";;,,", "application/json"),
        ],
    )
    async def test_what_the_caller_prefers(
        self, served: Served, accept: str, expected: str
    ) -> None:
        answer: httpx.Response = await served.coop.get(of(served.plot), headers={"Accept": accept})
        assert answer.headers["content-type"] == expected
        assert answer.headers["vary"].startswith("Accept, ")

    async def test_refusals_are_problems_all_the_same(self, served: Served) -> None:
        answer = await served.coop.get(f"{PLOTS}/{new_id()}", headers={"Accept": GEOJSON})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
