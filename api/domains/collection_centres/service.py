"""Actions on collection centres."""

from uuid import UUID

from api.core.ids import new_id
from api.domains.collection_centres.schemas import CollectionCentreIn
from api.domains.territories.service import expect_district
from api.models.deliveries import CollectionCentre
from api.transactions import Event, UnitOfWork


async def open_centre(uow: UnitOfWork, wish: CollectionCentreIn) -> UUID:
    """A new centre of the actor's organisation; 422 for a district that there is not."""
    await expect_district(uow, wish.ubigeo)
    centre = CollectionCentre(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        name=wish.name,
        ubigeo=wish.ubigeo,
    )
    uow.add(centre)
    uow.record(
        Event("collection_centre.opened", ("collection_centre", centre.id), {"ubigeo": wish.ubigeo})
    )
    return centre.id
