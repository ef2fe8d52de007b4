"""What is wrong with a document or a shape, said so that a person can mend it.

A ``Rule`` owns its code and its sentences; ``rule.at(pointer, ...)`` makes the finding. Sentences
never repeat what the sender wrote: a property may hold a name, a coordinate a home.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one rule.

    ``pointer`` is a JSON pointer (RFC 6901) into the document as it was given. ``ring`` and
    ``position`` count from 0, as in the document; they are ``None`` where the rule is not about
    a ring or a position. ``code`` never changes and is never translated.
    """

    code: str
    severity: Severity
    pointer: str
    ring: int | None
    position: int | None
    es: str
    en: str

    @property
    def detail(self) -> dict[str, str]:
        """The sentence by language, as problem details take it."""
        return {"es": self.es, "en": self.en}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, how bad a breach is, what it says, and where it comes from."""

    code: str
    severity: Severity
    source: str
    es: str
    en: str

    def at(
        self,
        pointer: str,
        *,
        ring: int | None = None,
        position: int | None = None,
        **facts: object,
    ) -> Finding:
        """The breach at one place; it fills the sentences' placeholders, and so do ``facts``."""
        es = self.es.format(ring=ring, position=position, **facts)
        en = self.en.format(ring=ring, position=position, **facts)
        return Finding(self.code, self.severity, pointer, ring, position, es, en)


def has_error(findings: Iterable[Finding]) -> bool:
    """Whether any finding is more than a warning."""
    return any(finding.severity == "error" for finding in findings)


def member(pointer: str, name: str | int) -> str:
    """The pointer one level down, escaped as RFC 6901 §3 asks."""
    text = str(name)
    if "~" in text or "/" in text:
        text = text.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{text}"
