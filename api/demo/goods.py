"""What the demonstration's supplier sells: the ten categories, with prices as they are asked."""

from typing import Any, Final

_FIELDS: Final = ("sku", "name", "category", "unit", "pack_size", "price", "available")

_ROWS: Final = (
    ("GUANO-50", "Guano de isla natural, saco de 50 kg", "fertilizer", "KGM", "50", "82.00",
     "100000"),
    ("UREA-50", "Urea agrícola 46 % N, saco de 50 kg", "fertilizer", "KGM", "50", "118.00", "900"),
    ("KCL-50", "Cloruro de potasio 60 % K2O, saco de 50 kg", "fertilizer", "KGM", "50", "136.00",
     "600"),
    ("ROCA-50", "Roca fosfórica de Bayóvar, saco de 50 kg", "fertilizer", "KGM", "50", "58.00",
     "800"),
    ("DOLO-40", "Dolomita agrícola, saco de 40 kg", "fertilizer", "KGM", "40", "21.50", "2000"),
    ("COMP-40", "Compost de cáscara de cacao, saco de 40 kg", "fertilizer", "KGM", "40", "18.00",
     "1500"),
    ("BOMBA-2", "Motobomba de 2 pulgadas, 5,5 HP", "irrigation", "H87", "1", "890.00", "12"),
    ("GOTEO-HA", "Kit de riego por goteo para 1 ha", "irrigation", "HAR", "1", "4650.00", None),
    ("MANG-100", "Manguera de polietileno de 1 pulgada, rollo de 100 m", "irrigation", "MTR", "100",
     "165.00", "60"),
    ("DESB-43", "Desbrozadora de 43 cc", "equipment", "H87", "1", "1150.00", "15"),
    ("SECA-6", "Secador solar tipo túnel de 6 m", "equipment", "H87", "1", "2350.00", None),
    ("CAJA-FER", "Caja fermentadora de madera tornillo, 500 kg", "equipment", "H87", "1", "780.00",
     "20"),
    ("TIJERA", "Tijera de podar de acero", "tool", "H87", "1", "64.00", "150"),
    ("SERRUCHO", "Serrucho curvo de poda con vaina", "tool", "H87", "1", "48.50", "120"),
    ("PODON", "Podón cosechador de mazorcas", "tool", "H87", "1", "27.00", "200"),
    ("TRICHO-1", "Trichoderma harzianum, bolsa de 1 kg", "biological", "KGM", "1", "46.00", "500"),
    ("BEAUV-1", "Beauveria bassiana, bolsa de 1 kg", "biological", "KGM", "1", "49.00", "400"),
    ("PLAN-NAT", "Plantón de cacao nativo injertado", "plant_material", "H87", "1", "3.20",
     "40000"),
    ("VARA-YEM", "Vara yemera de clon seleccionado", "plant_material", "H87", "1", "1.10", "20000"),
    ("PLAN-BOL", "Plantón de bolaina para sombra", "plant_material", "H87", "1", "1.50", "15000"),
    ("VISITA", "Visita técnica a la parcela", "technical_assistance", "HUR", "4", "140.00", None),
    ("PLAN-FIN", "Plan de finca con levantamiento de parcelas", "technical_assistance", "DAY", "1",
     "260.00", None),
    ("ECA", "Escuela de campo: sesión para 25 personas", "training", "DAY", "1", "620.00", None),
    ("SUELO", "Análisis de suelo: caracterización y metales pesados", "soil_analysis", "H87", "1",
     "155.00", None),
    ("FLETE", "Flete de insumos de almacén a chacra", "transport", "KMT", "1", "4.80", None),
)  # fmt: skip
ORGANIC: Final = frozenset(
    {"GUANO-50", "ROCA-50", "DOLO-40", "COMP-40", "TRICHO-1", "BEAUV-1", "PLAN-NAT", "VARA-YEM"}
)
TIERS: Final = {
    "GUANO-50": [{"min_quantity": "20", "price": "78.00"}, {"min_quantity": "100", "price": "74"}],
    "PLAN-NAT": [{"min_quantity": "1000", "price": "2.80"}],
}
REGISTERED: Final = {"TRICHO-1": "DEMO-0001", "BEAUV-1": "DEMO-0002"}
"""Made-up registrations with SENASA."""


def items() -> list[dict[str, Any]]:
    """The catalogue's items, as the wire takes them."""
    return [_item(dict(zip(_FIELDS, row, strict=True))) for row in _ROWS]


def _item(row: dict[str, Any]) -> dict[str, Any]:
    sku = row["sku"]
    registered = REGISTERED.get(sku)
    return {
        **row,
        "organic": sku in ORGANIC,
        "lead_time_days": 3 if row["available"] else 10,
        "price_tiers": TIERS.get(sku, []),
        "senasa": registered
        and {"number": registered, "kind": "biological", "status": "valid", "valid_until": None},
    }
