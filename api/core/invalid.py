"""What a validator raises, so that its reason is told in Spanish, too."""


class Invalid(ValueError):
    """A value that is not valid, with the reason in both languages.

    A validator of a whole object names the ``field`` that is at fault, where it is one alone.
    """

    def __init__(self, es: str, en: str, field: str | None = None) -> None:
        super().__init__(en)
        self.es, self.en, self.field = es, en, field


def one_of(first: str, second: str) -> Invalid:
    """Neither of two members is there, or both are."""
    return Invalid(
        f"indique {first} o {second}, y solo uno de los dos", f"name either {first} or {second}"
    )
