"""The words of what was ever on offer, and how they are found when they are misspelt."""

from sqlmodel import Field

from api.models.base import Table


class OfferWord(Table, table=True):
    """A word of an item's name, description or SKU, in lower case without accents."""

    __tablename__ = "offer_words"

    word: str = Field(primary_key=True)
    lexeme: str = Field(index=True)
    """Its Spanish stem, by which the search knows it."""


class OfferWordSlip(Table, table=True):
    """A word as it sounds, whole or with one letter left out: two words that share a slip are one
    slip of the pen apart.
    """

    __tablename__ = "offer_word_slips"

    slip: str = Field(primary_key=True)
    word: str = Field(primary_key=True)
