"""What this room refuses."""

from api.core.problems import Conflict


class MembershipEnded(Conflict):
    """The member has left already."""

    code = "membership-ended"
    title = {"es": "Membresía terminada", "en": "Membership ended"}
    text = {
        "es": "El productor ya dejó el grupo; si volvió, registre una membresía nueva.",
        "en": "The producer has left the cluster already; one who came back joins anew.",
    }
