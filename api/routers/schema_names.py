"""Names of the document's schemas that a client generator can use.

Where two rooms have a shape of one name (``ReasonIn``), FastAPI writes the whole path of the module
into the name, and a generic page carries brackets. Here each gets a name that is a class's:
``OrdersReasonIn``, ``PageOfPlotOut``. Names that are one word already stay.
"""

import re
from typing import Any, Final

_PATH: Final = re.compile(r"api__domains__([a-z_]+?)__[a-z_]+?__([A-Za-z]+)")
_PREFIX: Final = "#/components/schemas/"


def _camel(words: str) -> str:
    return "".join(word.capitalize() for word in words.split("_"))


def plain(name: str) -> str:
    """The name as a class's name."""
    if name.startswith("Body_"):
        return _camel(name)
    return _PATH.sub(lambda found: _camel(found[1]) + found[2], name).replace("_", "")


def rename(document: dict[str, Any]) -> None:
    """Give every schema its plain name, and every reference to it."""
    schemas: dict[str, Any] = document["components"]["schemas"]
    names = {name: plain(name) for name in schemas}
    if len(set(names.values())) != len(names):
        raise RuntimeError("two schemas of one name: give a room's shape another")
    for name, schema in schemas.items():
        if names[name] != name:
            # Generators name classes by the title.
            schema["title"] = names[name]
    document["components"]["schemas"] = {names[n]: schemas[n] for n in sorted(names, key=names.get)}  # type: ignore[arg-type]
    _follow(document, names)


def _follow(node: Any, names: dict[str, str]) -> None:
    if isinstance(node, list):
        for child in node:
            _follow(child, names)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str) and value.startswith(_PREFIX):
                name = value.removeprefix(_PREFIX)
                node[key] = _PREFIX + names.get(name, name)
            else:
                _follow(value, names)
