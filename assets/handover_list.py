"""The handover list (资产移交清单) as a PDF in official Chinese: what is handed over at which value, and who signed."""

from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.timezone import localtime
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assets.models import HandoverBatch, HandoverLine
from assets.registering import lines_of, sum_of
from core.pdf import text
from core.pdf.flow import Piece, gap, kept_together, paginate
from core.pdf.page import new_canvas
from core.pdf.table import Align, Column, table_pieces

PAGE = (A4[1], A4[0])
MARGIN, TOP, FOOT = 42.0, 44.0, 44.0
ROOM = PAGE[0] - 2 * MARGIN
TITLE_SIZE, SIZE, SMALL = 17.0, 10.5, 8.5
TITLE = "资产移交清单"
HEADS = (
    ("序号", Align.CENTRE), ("资产编号", Align.LEFT), ("资产名称", Align.LEFT), ("资产类别", Align.LEFT),
    ("规格型号/结构", Align.LEFT), ("单位", Align.LEFT), ("数量", Align.RIGHT), ("管护单位", Align.LEFT),
    ("暂估价值", Align.RIGHT), ("移交价值", Align.RIGHT), ("差额", Align.RIGHT),
)  # fmt: skip


def handover_list(batch: HandoverBatch) -> bytes:
    """The same batch gives the same bytes."""
    with translation.override(settings.LANGUAGE_CODE):
        return _render(batch)


def _render(batch: HandoverBatch) -> bytes:
    lines = lines_of(batch)
    buffer = BytesIO()
    project = batch.project
    canvas = new_canvas(
        buffer, title=f"{TITLE} {project.name}", author=batch.from_unit.name, subject=project.code,
        keywords=f"第{batch.number}批", dated=batch.handed_on,
    )  # fmt: skip
    canvas.setPageSize(PAGE)
    pieces = [*_head(batch), *_table(lines), gap(10), *_signatures(batch)]
    pages = paginate(pieces, PAGE[1] - TOP - FOOT)
    for number, page in enumerate(pages, 1):
        canvas.setPageSize(PAGE)
        for placed in page:
            placed.piece.draw(canvas, PAGE[1] - TOP - placed.offset)
        text.draw(canvas, MARGIN, FOOT - 20, f"{project.name} · 第{batch.number}批", SMALL)
        text.draw_right(canvas, PAGE[0] - MARGIN, FOOT - 20, f"— {number} / {len(pages)} —", SMALL)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _head(batch: HandoverBatch) -> list[Piece]:
    facts = [
        f"项目名称：{batch.project.name}", f"项目代码：{batch.project.code or '—'}",
        f"移交单位：{batch.from_unit.name}", f"接收单位：{batch.to_unit.name}",
        f"移交方式：{batch.get_kind_display()}", f"移交日期：{batch.handed_on:%Y年%m月%d日}    金额单位：元",
    ]  # fmt: skip

    def title(canvas: Canvas, top: float) -> None:
        text.draw_centred(canvas, PAGE[0] / 2, top - TITLE_SIZE, TITLE, TITLE_SIZE, bold=True)
        text.draw_right(canvas, PAGE[0] - MARGIN, top - TITLE_SIZE, f"第{batch.number}批", SIZE)

    def said(left: str, right: str) -> Any:
        def draw(canvas: Canvas, top: float) -> None:
            half = ROOM / 2 - 10
            text.draw(canvas, MARGIN, top - SIZE, left, text.size_to_fit(left, SIZE, half))
            text.draw(canvas, MARGIN + ROOM / 2, top - SIZE, right, text.size_to_fit(right, SIZE, half))

        return draw

    rows = [Piece(SIZE * 1.6, said(facts[index], facts[index + 1])) for index in range(0, len(facts), 2)]
    return kept_together([Piece(TITLE_SIZE * 2, title), *rows, gap(6)])


def _table(lines: Iterable[HandoverLine]) -> list[Piece]:
    rows = list(lines)
    replaces = any(row.replaces for row in rows)
    widths = (28, 64, 0, 68, 74, 32, 48, 70, 86, 86, 78) if replaces else (32, 76, 0, 84, 96, 38, 58, 96, 0, 104, 0)
    columns = [
        Column(heading, float(width), align)
        for (heading, align), width in zip(HEADS, widths, strict=True)
        if replaces or heading not in ("暂估价值", "差额")
    ]
    columns[2] = Column("资产名称", ROOM - sum(column.width for column in columns))
    shown = []
    for number, row in enumerate(rows, 1):
        asset = row.asset
        cells = [
            str(number), asset.no, asset.name, str(asset.get_asset_class_display()),
            asset.specification or asset.structure or "—", asset.unit or "—", f"{asset.quantity.normalize():f}",
            asset.maintenance_unit or "—",
        ]  # fmt: skip
        shown.append([*cells, *_figures(row.value, row.replaces.value if row.replaces else None, replaces)])
    total = sum_of(rows)
    blank = ["", "合计", "", "", "", "", "", ""]
    shown.append([*blank, *_figures(total.value, total.replaced if replaces else None, replaces)])
    return table_pieces(columns, shown, MARGIN, bold_rows=[len(shown) - 1])


def _figures(value: Any, before: Any, replaces: bool) -> list[str]:
    if not replaces:
        return [f"{value:,.2f}"]
    if before is None:
        return ["—", f"{value:,.2f}", "—"]
    return [f"{before:,.2f}", f"{value:,.2f}", _signed(value - before)]


def _signed(difference: Decimal) -> str:
    return f"{difference:+,.2f}" if difference else "0.00"


def _signatures(batch: HandoverBatch) -> list[Piece]:
    """Names and moments where they signed in the system; empty lines where they have not."""
    parts = (
        (
            f"移交单位（盖章）：{batch.from_unit.name}",
            batch.signed_over_by,
            batch.signed_over_for,
            batch.signed_over_at,
        ),
        (f"接收单位（盖章）：{batch.to_unit.name}", batch.received_by, batch.received_for, batch.received_at),
        ("资产管理部门（盖章）：", batch.confirmed_by, None, batch.confirmed_at),
    )
    share = ROOM / len(parts)

    def draw(canvas: Canvas, top: float) -> None:
        for index, (house, who, whom, at) in enumerate(parts):
            left, room = MARGIN + index * share, share - 12
            named = f"{who}（代 {whom}）" if whom else str(who) if who else ""
            lines = (house, f"签字：{named}", f"日期：{localtime(at):%Y年%m月%d日 %H:%M}" if at else "日期：")
            for row, words in enumerate(lines):
                text.draw(canvas, left, top - 14 - row * 18, words, text.size_to_fit(words, SIZE, room))

    return [Piece(64.0, draw)]
