"""Who may do what: the whole matrix on one screen.

A permission is also the OAuth scope of the same name. Being granted it is the first gate; the
second is the row: repositories show an organisation only what is its own or concerns it (404),
services refuse what it sees but may not change (403).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What an organisation is in the value chain; one may be several."""

    PRODUCER_ORGANIZATION = "producer_organization"
    INPUT_SUPPLIER = "input_supplier"
    TA_PROVIDER = "ta_provider"
    CREDIT_INSTITUTION = "credit_institution"
    BUYER = "buyer"
    PROGRAMME_SPONSOR = "programme_sponsor"
    OBSERVER = "observer"
    OPERATOR = "operator"


class Permission(StrEnum):
    """``<room>:<verb>``."""

    PUBLIC = "public"
    ORGANIZATIONS_READ = "organizations:read"
    ORGANIZATIONS_VERIFY = "organizations:verify"
    CLIENTS_MANAGE = "clients:manage"
    TERRITORIES_READ = "territories:read"
    PRODUCERS_READ = "producers:read"
    PRODUCERS_WRITE = "producers:write"
    CLUSTERS_READ = "clusters:read"
    CLUSTERS_WRITE = "clusters:write"
    PLOTS_READ = "plots:read"
    PLOTS_WRITE = "plots:write"
    CONSENTS_READ = "consents:read"
    CONSENTS_WRITE = "consents:write"
    CATALOGUES_READ = "catalogues:read"
    CATALOGUES_WRITE = "catalogues:write"
    OFFERS_READ = "offers:read"
    SERVICE_REQUESTS_READ = "service_requests:read"
    SERVICE_REQUESTS_WRITE = "service_requests:write"
    SERVICE_REQUESTS_ANSWER = "service_requests:answer"
    VISITS_READ = "visits:read"
    VISITS_WRITE = "visits:write"
    VISITS_CONFIRM = "visits:confirm"
    FIELD_BATCHES_WRITE = "field_batches:write"
    FARM_PLANS_READ = "farm_plans:read"
    FARM_PLANS_WRITE = "farm_plans:write"
    FARM_PLANS_APPROVE = "farm_plans:approve"
    FARM_PLANS_ACCEPT = "farm_plans:accept"
    INVESTMENT_PLANS_READ = "investment_plans:read"
    INVESTMENT_PLANS_WRITE = "investment_plans:write"
    CREDIT_PRODUCTS_READ = "credit_products:read"
    CREDIT_PRODUCTS_WRITE = "credit_products:write"
    COMMITMENTS_READ = "commitments:read"
    COMMITMENTS_PROPOSE = "commitments:propose"
    COMMITMENTS_SIGN = "commitments:sign"
    ARCHETYPES_READ = "archetypes:read"
    ARCHETYPES_RUN = "archetypes:run"
    ARCHETYPES_WRITE = "archetypes:write"
    READINESS_READ = "readiness:read"
    READINESS_QUERY = "readiness:query"
    CREDIT_APPLICATIONS_READ = "credit_applications:read"
    CREDIT_APPLICATIONS_WRITE = "credit_applications:write"
    CREDIT_APPLICATIONS_DECIDE = "credit_applications:decide"
    LOANS_READ = "loans:read"
    LOANS_DISBURSE = "loans:disburse"
    LOANS_REPAY = "loans:repay"
    DEMAND_FORECASTS_READ = "demand_forecasts:read"
    QUOTE_REQUESTS_READ = "quote_requests:read"
    QUOTE_REQUESTS_WRITE = "quote_requests:write"
    QUOTE_REQUESTS_QUOTE = "quote_requests:quote"
    ORDERS_READ = "orders:read"
    ORDERS_PLACE = "orders:place"
    ORDERS_FULFIL = "orders:fulfil"
    DEMAND_POOLS_READ = "demand_pools:read"
    DEMAND_POOLS_WRITE = "demand_pools:write"
    DELIVERIES_READ = "deliveries:read"
    DELIVERIES_WRITE = "deliveries:write"
    LOTS_READ = "lots:read"
    LOTS_WRITE = "lots:write"
    SHIPMENTS_READ = "shipments:read"
    SHIPMENTS_WRITE = "shipments:write"
    SHIPMENTS_RECEIVE = "shipments:receive"
    LEDGER_READ = "ledger:read"


Scope = StrEnum("Scope", {p.name: p.value for p in Permission if p is not Permission.PUBLIC})  # type: ignore[misc]
"""What a client may be given: every permission but that of public routes."""

_P = Permission

COMMON: Final = frozenset({
    _P.ORGANIZATIONS_READ, _P.CLIENTS_MANAGE, _P.OFFERS_READ, _P.CATALOGUES_READ,
    _P.CREDIT_PRODUCTS_READ, _P.LEDGER_READ, _P.TERRITORIES_READ,
})  # fmt: skip
"""What every verified organisation may do."""

UNVERIFIED: Final = frozenset({_P.ORGANIZATIONS_READ, _P.CLIENTS_MANAGE})
"""What an organisation may do before the operator has verified it: look at itself."""

GRANTS: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType({
    Role.PRODUCER_ORGANIZATION: COMMON | {
        _P.PRODUCERS_READ, _P.PRODUCERS_WRITE, _P.CLUSTERS_READ, _P.CLUSTERS_WRITE,
        _P.PLOTS_READ, _P.PLOTS_WRITE, _P.CONSENTS_READ, _P.CONSENTS_WRITE,
        _P.SERVICE_REQUESTS_READ, _P.SERVICE_REQUESTS_WRITE,
        _P.VISITS_READ, _P.VISITS_WRITE, _P.VISITS_CONFIRM, _P.FIELD_BATCHES_WRITE,
        _P.FARM_PLANS_READ, _P.FARM_PLANS_ACCEPT, _P.INVESTMENT_PLANS_READ,
        _P.COMMITMENTS_READ, _P.COMMITMENTS_SIGN, _P.READINESS_READ,
        _P.CREDIT_APPLICATIONS_READ, _P.CREDIT_APPLICATIONS_WRITE, _P.LOANS_READ, _P.LOANS_REPAY,
        _P.DEMAND_POOLS_READ, _P.DEMAND_POOLS_WRITE,
        _P.QUOTE_REQUESTS_READ, _P.QUOTE_REQUESTS_WRITE,
        _P.ORDERS_READ, _P.ORDERS_PLACE, _P.DELIVERIES_READ, _P.DELIVERIES_WRITE,
        _P.LOTS_READ, _P.LOTS_WRITE, _P.SHIPMENTS_READ, _P.SHIPMENTS_WRITE,
        _P.ARCHETYPES_READ, _P.ARCHETYPES_RUN,
    },
    Role.INPUT_SUPPLIER: COMMON | {
        _P.CATALOGUES_WRITE, _P.ORDERS_READ, _P.ORDERS_FULFIL, _P.DEMAND_FORECASTS_READ,
        _P.DEMAND_POOLS_READ,
        _P.QUOTE_REQUESTS_READ, _P.QUOTE_REQUESTS_QUOTE,
    },
    Role.TA_PROVIDER: COMMON | {
        _P.PRODUCERS_READ, _P.CLUSTERS_READ, _P.PLOTS_READ, _P.CONSENTS_READ,
        _P.SERVICE_REQUESTS_READ, _P.SERVICE_REQUESTS_ANSWER,
        _P.VISITS_READ, _P.VISITS_WRITE, _P.FIELD_BATCHES_WRITE,
        _P.FARM_PLANS_READ, _P.FARM_PLANS_WRITE, _P.FARM_PLANS_APPROVE,
        _P.INVESTMENT_PLANS_READ, _P.INVESTMENT_PLANS_WRITE, _P.ARCHETYPES_READ,
    },
    Role.CREDIT_INSTITUTION: COMMON | {
        _P.PRODUCERS_READ, _P.CLUSTERS_READ, _P.CONSENTS_READ, _P.COMMITMENTS_READ,
        _P.CREDIT_PRODUCTS_WRITE, _P.READINESS_READ, _P.READINESS_QUERY,
        _P.FARM_PLANS_READ, _P.INVESTMENT_PLANS_READ,
        _P.CREDIT_APPLICATIONS_READ, _P.CREDIT_APPLICATIONS_DECIDE,
        _P.LOANS_READ, _P.LOANS_DISBURSE, _P.LOANS_REPAY, _P.ORDERS_READ, _P.ARCHETYPES_READ,
    },
    Role.BUYER: COMMON | {
        _P.CLUSTERS_READ, _P.COMMITMENTS_READ, _P.COMMITMENTS_PROPOSE, _P.COMMITMENTS_SIGN,
        _P.LOTS_READ, _P.SHIPMENTS_READ, _P.SHIPMENTS_RECEIVE, _P.ARCHETYPES_READ,
    },
    Role.PROGRAMME_SPONSOR: COMMON,
    Role.OBSERVER: COMMON,
    Role.OPERATOR: COMMON | {
        _P.ORGANIZATIONS_VERIFY, _P.ARCHETYPES_READ, _P.ARCHETYPES_WRITE,
    },
})  # fmt: skip


def permissions_of(roles: frozenset[Role], *, verified: bool) -> frozenset[Permission]:
    """The most that a client of an organisation with these roles can be given."""
    if not verified:
        return UNVERIFIED
    return frozenset().union(*(GRANTS[role] for role in roles)) if roles else COMMON
