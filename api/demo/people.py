"""People and organisations that belong to nobody."""

from dataclasses import dataclass
from typing import Any, Final

from stdnum.pe import ruc as stdnum_ruc

from api.domains.producers.vocabulary import AssociationStatus, Sex
from api.policies import Role

TOCACHE: Final = "221001"
JUANJUI: Final = "220601"

ORGANIZATIONS: Final[dict[Role, str]] = {
    Role.OPERATOR: "Operadora Mazorca de Demostración S.A.C.",
    Role.PRODUCER_ORGANIZATION: "Cooperativa Agraria Quillasacha (demostración)",
    Role.INPUT_SUPPLIER: "Agroinsumos Yanapuri S.A.C. (demostración)",
    Role.TA_PROVIDER: "Chakrawiñay Asistencia Técnica S.A.C. (demostración)",
    Role.CREDIT_INSTITUTION: "Caja Rural Sumaqpepa S.A. (demostración)",
    Role.BUYER: "Chocolatera Nunacacao S.A.C. (demostración)",
    Role.PROGRAMME_SPONSOR: "Fundación Montevivo (demostración)",
    Role.OBSERVER: "Observatorio Cacao Abierto (demostración)",
}
"""One for each role."""


def demo_ruc(number: int) -> str:
    """A RUC with a right check digit, in a range that SUNAT has not begun: ``20999…``."""
    body = f"20999{number:05d}"
    return body + str(stdnum_ruc.calc_check_digit(body))


@dataclass(frozen=True, slots=True)
class Person:
    """Who is registered; ``plots`` is how many they have."""

    given_names: str
    family_names: str
    sex: Sex
    birth_year: int
    plots: int = 1


_F, _M = Sex.FEMALE, Sex.MALE
NEAR_TOCACHE: Final = (
    Person("Alondra Killari", "Yakutinta Sachamango", _F, 1984, plots=2),
    Person("Benicio Rumi", "Cacahual Purishuayo", _M, 1971),
    Person("Celestina Inti", "Wayrapampa Yakutinta", _F, 1990),
    Person("Damián Sacha", "Pepaseca Lluviagrande", _M, 1966, plots=2),
    Person("Eduvigis Tika", "Rumisapa Cacahual", _F, 1978),
    Person("Fidencio Amaru", "Sachamango Wayrapampa", _M, 1987),
)
NEAR_JUANJUI: Final = (
    Person("Graciana Puywan", "Lluviagrande Pepaseca", _F, 1981),
    Person("Hilarión Yuraq", "Purishuayo Montealegre", _M, 1959, plots=2),
    Person("Isaura Sami", "Montealegre Rumisapa", _F, 1995),
    Person("Jacinto Urku", "Aguajalinda Sachamango", _M, 1974),
    Person("Leoncia Qoya", "Huabilla Aguajalinda", _F, 1969),
    Person("Maximino Wari", "Wayrapampa Huabilla", _M, 1992),
)

STORY: Final = (
    Person("Nayaraq Illari", "Qantuchampi Sinchiroca", _F, 1983),
    Person("Ovidio Chaska", "Tarapucho Qantuchampi", _M, 1976),
    Person("Petronila Wayta", "Sinchiroca Achunipa", _F, 1988),
    Person("Quintín Apurimac", "Achunipa Tarapucho", _M, 1968),
    Person("Rosalía Munay", "Cumalayacu Achunipa", _F, 1993),
)
"""Who is registered in each run of the story, with other documents each time."""


def registration(person: Person, number: int, ubigeo: str) -> dict[str, Any]:
    """The body of a registration; ``number`` (seven digits) makes the DNI and the telephone."""
    return {
        "document": {"type": "dni", "number": f"9{number:07d}"},
        "given_names": person.given_names,
        "family_names": person.family_names,
        "birth_year": person.birth_year,
        "sex": person.sex.value,
        "phone": f"+5190{number:07d}",
        "ubigeo": ubigeo,
        "association_status": AssociationStatus.ASSOCIATED.value,
    }
