"""The closed lists of this room."""

from typing import Final

from api.domains.catalogues.vocabulary import Category

SERVICES: Final = frozenset({
    Category.TECHNICAL_ASSISTANCE, Category.TRAINING, Category.SOIL_ANALYSIS, Category.TRANSPORT,
})  # fmt: skip
"""What is bought and comes in no batch."""
