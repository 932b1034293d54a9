"""Spreads a total over the lines of a plausible cost tree, exactly to the fen."""

from collections.abc import Sequence
from decimal import Decimal

from approvals.services.costs import DeclaredLine, ReviewedLine
from core.money import allocate

# code, name, unit, weight: the works of each class, then the other costs common to all.
WORKS: dict[str, tuple[tuple[str, str, str, int], ...]] = {
    "BUILDING": (
        ("1.1", "土建工程", "m²", 38), ("1.2", "装饰装修工程", "m²", 20), ("1.3", "给排水及消防工程", "m²", 8),
        ("1.4", "电气及智能化工程", "m²", 12), ("1.5", "暖通工程", "m²", 6), ("1.6", "室外工程", "m²", 6),
    ),
    "MUNICIPAL": (
        ("1.1", "道路工程", "m", 40), ("1.2", "交通设施工程", "m", 8), ("1.3", "给排水工程", "m", 22),
        ("1.4", "照明工程", "套", 10), ("1.5", "绿化工程", "m²", 10),
    ),
    "WATER": (
        ("1.1", "土石方及清淤工程", "m³", 28), ("1.2", "护岸及堤防工程", "m", 30), ("1.3", "管网工程", "m", 24),
        ("1.4", "临时工程", "项", 8),
    ),
    "LANDSCAPE": (
        ("1.1", "绿化种植", "m²", 34), ("1.2", "园路铺装", "m²", 26), ("1.3", "园林建筑及小品", "座", 18),
        ("1.4", "照明及灌溉", "项", 12),
    ),
    "IT": (
        ("1.1", "前端设备", "套", 36), ("1.2", "网络及存储设备", "套", 24), ("1.3", "软件开发", "人月", 22),
        ("1.4", "系统集成", "项", 8),
    ),
    "EQUIPMENT": (("1.1", "装修工程", "m²", 40), ("1.2", "设备购置", "台套", 50)),
    "GEOHAZARD": (
        ("1.1", "削坡及土石方工程", "m³", 26), ("1.2", "锚杆及格构梁", "m", 38), ("1.3", "截排水工程", "m", 14),
        ("1.4", "坡面绿化", "m²", 12),
    ),
}  # fmt: skip
OTHER = (
    ("2.06", "工程勘察费", "项", 1), ("2.07", "工程设计费", "项", 3), ("2.10", "工程监理费", "项", 2),
    ("2.03", "项目建设管理费", "项", 1),
)  # fmt: skip
REASONS = (
    ("UNIT_PRICE", "主要材料单价按信息价调整"),
    ("QUANTITY", "按图纸复核工程量"),
    ("FEE_RATE", "按规定费率计取"),
    ("STANDARD", "装修及设备标准偏高，按标准核定"),
    ("DUPLICATE", "与相邻分项重复计列"),
)


HUNDRED = Decimal(100)


def spread(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Splits yuan in whole hundreds (0.01 万元), as estimates are written; the last part takes the remainder."""
    parts = [(part / HUNDRED).quantize(Decimal(1)) * HUNDRED for part in allocate(total, weights)[:-1]]
    return [*(part.quantize(Decimal("0.01")) for part in parts), total - sum(parts, Decimal(0))]


def _rows(item_type: str, project_class: str) -> list[tuple[str, str, str, int]]:
    works = list(WORKS.get(project_class, WORKS["BUILDING"]))
    if item_type in ("BUD", "SET"):
        return works
    return [*works, *OTHER, ("3.1", "基本预备费", "", 4)]


def declared_lines(item_type: str, project_class: str, total: Decimal) -> list[DeclaredLine]:
    """Leaves with exact amounts under their headings; `total` in yuan."""
    rows = _rows(item_type, project_class)
    amounts = spread(total, [Decimal(weight) for *_rest, weight in rows])
    lines: list[DeclaredLine] = []
    headings = {"1": "工程费用", "2": "工程建设其他费用", "3": "预备费"}
    for (code, name, unit, _weight), amount in zip(rows, amounts, strict=True):
        top = code.split(".")[0]
        if top in headings:
            lines.append(DeclaredLine(top, headings.pop(top), None, top))
        lines.append(DeclaredLine(code, name, amount, code if top != "1" else "1", unit, None))
    return lines


def reviewed_lines(lines: list[DeclaredLine], total: Decimal, seed: int) -> list[ReviewedLine]:
    """Reviewed amounts that add up to `total` yuan, cut unevenly from line to line, each change with its reason."""
    leaves = [line for line in lines if line.declared]
    weights = [line.declared * (100 + (7 * index + seed) % 13 - 6) for index, line in enumerate(leaves)]
    if total == sum(line.declared for line in leaves):
        return [ReviewedLine(line.code, line.declared) for line in leaves]
    result = []
    for index, (line, amount) in enumerate(zip(leaves, spread(total, weights), strict=True)):
        reason_class, reason = REASONS[(index + seed) % len(REASONS)]
        if amount > line.declared:
            reason_class, reason = "OMISSION", "补列漏项"
        result.append(ReviewedLine(line.code, amount, reason, reason_class))
    return result
