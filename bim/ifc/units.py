"""The units of a file, and the factors that turn its measures into SI (m, m², m³, kg, s; degrees for angles)."""

import math
from dataclasses import dataclass, field
from typing import Any

from bim.ifc.schema import Schema

PREFIXES = {
    "EXA": 1e18,
    "PETA": 1e15,
    "TERA": 1e12,
    "GIGA": 1e9,
    "MEGA": 1e6,
    "KILO": 1e3,
    "HECTO": 1e2,
    "DECA": 1e1,
    "DECI": 1e-1,
    "CENTI": 1e-2,
    "MILLI": 1e-3,
    "MICRO": 1e-6,
    "NANO": 1e-9,
    "PICO": 1e-12,
    "FEMTO": 1e-15,
    "ATTO": 1e-18,
}
# A prefix belongs to the metre, not to the square: MILLI SQUARE_METRE is mm², a millionth of a square metre.
POWERS = {"SQUARE_METRE": 2, "CUBIC_METRE": 3}
BASES = {"GRAM": 1e-3, "RADIAN": 180 / math.pi, "DEGREE_CELSIUS": 1.0}
# Which kind of unit a measure is in.
MEASURES = {
    "IfcLengthMeasure": "LENGTHUNIT",
    "IfcPositiveLengthMeasure": "LENGTHUNIT",
    "IfcNonNegativeLengthMeasure": "LENGTHUNIT",
    "IfcAreaMeasure": "AREAUNIT",
    "IfcVolumeMeasure": "VOLUMEUNIT",
    "IfcMassMeasure": "MASSUNIT",
    "IfcTimeMeasure": "TIMEUNIT",
    "IfcPlaneAngleMeasure": "PLANEANGLEUNIT",
    "IfcPositivePlaneAngleMeasure": "PLANEANGLEUNIT",
    "IfcSolidAngleMeasure": "SOLIDANGLEUNIT",
    "IfcThermodynamicTemperatureMeasure": "THERMODYNAMICTEMPERATUREUNIT",
    "IfcElectricCurrentMeasure": "ELECTRICCURRENTUNIT",
    "IfcElectricVoltageMeasure": "ELECTRICVOLTAGEUNIT",
    "IfcPowerMeasure": "POWERUNIT",
    "IfcPressureMeasure": "PRESSUREUNIT",
    "IfcForceMeasure": "FORCEUNIT",
    "IfcFrequencyMeasure": "FREQUENCYUNIT",
    "IfcEnergyMeasure": "ENERGYUNIT",
    "IfcIlluminanceMeasure": "ILLUMINANCEUNIT",
    "IfcLuminousFluxMeasure": "LUMINOUSFLUXUNIT",
    "IfcThermalTransmittanceMeasure": "THERMALTRANSMITTANCEUNIT",
    "IfcVolumetricFlowRateMeasure": "VOLUMETRICFLOWRATEUNIT",
    "IfcLinearVelocityMeasure": "LINEARVELOCITYUNIT",
    "IfcMassDensityMeasure": "MASSDENSITYUNIT",
}
DEEPEST = 8  # conversions of conversions


@dataclass
class Units:
    """`names` says the file's unit per kind, `scales` the factor to SI; a kind that is not assigned counts as SI."""

    names: dict[str, str] = field(default_factory=dict)
    scales: dict[str, float] = field(default_factory=dict)

    def scale(self, kind: str) -> float:
        return self.scales.get(kind, 1.0)

    def name_of_measure(self, measure: str) -> str:
        kind = MEASURES.get(measure)
        return self.names.get(kind, "") if kind else ""


def units_of(project: Any, schema: Schema) -> Units:
    found = Units()
    assignment = schema.value(project, "UnitsInContext") if project is not None else None
    for unit in (schema.value(assignment, "Units") or ()) if assignment is not None else ():
        kind = schema.value(unit, "UnitType")
        if not kind or kind in found.names:
            continue
        found.names[kind] = name_of(unit, schema)
        found.scales[kind] = scale_of(unit, schema)
    return found


def name_of(unit: Any, schema: Schema) -> str:
    """As the file says it: MILLIMETRE, SQUARE_METRE, FOOT; a derived unit by its elements."""
    ifc_class = unit.is_a()
    if ifc_class == "IfcSIUnit":
        return f"{schema.value(unit, 'Prefix') or ''}{schema.value(unit, 'Name') or ''}"
    if ifc_class == "IfcDerivedUnit":
        return "·".join(_element_name(element, schema) for element in schema.value(unit, "Elements") or ())
    return str(schema.value(unit, "Name") or schema.value(unit, "Currency") or "")


def _element_name(element: Any, schema: Schema) -> str:
    unit, exponent = schema.value(element, "Unit"), schema.value(element, "Exponent")
    name = name_of(unit, schema) if unit is not None else ""
    return name if exponent == 1 else f"{name}^{exponent}"


def scale_of(unit: Any, schema: Schema, depth: int = 0) -> float:
    """The factor from this unit to SI. 1 for what has none (currency, context dependent units)."""
    if depth > DEEPEST or unit is None:
        return 1.0
    if unit.is_a() == "IfcSIUnit":
        name = schema.value(unit, "Name") or ""
        prefix = schema.value(unit, "Prefix")
        return (PREFIXES[prefix] if prefix else 1.0) ** POWERS.get(name, 1) * BASES.get(name, 1.0)
    if schema.is_a(unit.is_a(), "IfcConversionBasedUnit"):
        factor = schema.value(unit, "ConversionFactor")
        value = schema.value(factor, "ValueComponent") if factor is not None else None
        base = scale_of(schema.value(factor, "UnitComponent"), schema, depth + 1) if factor is not None else 1.0
        number = value.get_argument(0) if value is not None else 1.0
        return float(number) * base
    if unit.is_a() == "IfcDerivedUnit":
        scale = 1.0
        for element in schema.value(unit, "Elements") or ():
            scale *= scale_of(schema.value(element, "Unit"), schema, depth + 1) ** schema.value(element, "Exponent")
        return scale
    return 1.0
