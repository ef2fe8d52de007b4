"""Which fields of a change can be written when others may have changed the thing meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Merge:
    """The fields to write, and those that both sides changed; in the order of the change."""

    writable: tuple[str, ...]
    contested: tuple[str, ...]


def merge(
    yours: Mapping[str, Any],
    current: Mapping[str, Any],
    base: Mapping[str, Any],
    *,
    same_version: bool,
) -> Merge:
    """A three-way merge, field by field.

    A field that holds what the change wants is left alone. Any other may be written if nobody has
    touched it since: the version is still the one that the change was made from, or the field is
    still as the app had it (``base``). Where the app does not say what it had, the field is
    contested.
    """
    wanted = [name for name, value in yours.items() if current[name] != value]
    free = {
        name for name in wanted if same_version or (name in base and base[name] == current[name])
    }
    return Merge(
        tuple(name for name in wanted if name in free),
        tuple(name for name in wanted if name not in free),
    )
