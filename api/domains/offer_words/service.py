"""What the words of a search were meant to be."""

from api.domains.offer_words import repository, rules
from api.reads import Reader


async def corrections(reader: Reader, query: str) -> dict[str, str]:
    """For each word that stands in no offer, the nearest that does, if one is near enough."""
    words = rules.words_of(query)
    unknown = await reader.rows(repository.UNKNOWN, words=words) if words else []
    found = {}
    for (word,) in unknown:
        near = await reader.rows(repository.NEAR, slips=sorted(rules.slips(word)))
        if meant := rules.nearest(word, [row[0] for row in near]):
            found[word] = meant
    return found
