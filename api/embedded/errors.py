"""The one exception of this room."""


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot start, or cannot be used.

    ``problem`` says what is wrong, ``hint`` what the operator can do about it, and ``log`` holds
    the last lines that PostgreSQL wrote, if it wrote any. No password stands in any of them.
    """

    def __init__(self, problem: str, *, hint: str, log: str = "") -> None:
        self.problem = problem
        self.hint = hint
        self.log = log.strip()
        parts = [problem, f"Hint: {hint}"]
        if self.log:
            parts.append(f"Last lines of PostgreSQL:\n{self.log}")
        super().__init__("\n".join(parts))
