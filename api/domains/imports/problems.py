"""What this room refuses."""

from api.core.problems import QueueFull


class TooManyFilesWait(QueueFull):
    """The organisation's files come faster than workers import them."""

    code = "too-many-files-wait"
    title = {"es": "Demasiados archivos en espera", "en": "Too many files waiting"}
    text = {
        "es": "Ya esperan {most} archivos de su organización; envíe el siguiente más tarde.",
        "en": "{most} files of your organisation wait already; send the next one later.",
    }
