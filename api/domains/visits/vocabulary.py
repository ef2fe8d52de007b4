"""The closed lists of this room."""

from enum import StrEnum


class Practice(StrEnum):
    """What a visit was mainly about."""

    DIAGNOSIS = "diagnosis"
    PRUNING = "pruning"
    GRAFTING = "grafting"
    FERTILIZATION = "fertilization"
    SOIL_SAMPLING = "soil_sampling"
    PEST_AND_DISEASE = "pest_and_disease"
    WEED_CONTROL = "weed_control"
    SHADE_MANAGEMENT = "shade_management"
    IRRIGATION_AND_DRAINAGE = "irrigation_and_drainage"
    NURSERY = "nursery"
    RENOVATION = "renovation"
    HARVEST = "harvest"
    POSTHARVEST = "postharvest"
    RECORD_KEEPING = "record_keeping"
    OTHER = "other"
