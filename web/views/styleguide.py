"""Every component with sample data, for those who write pages. Shown to staff, and to anybody in DEBUG."""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

SCHOOL = "葵湾中心小学改扩建工程"
LONG_NAME = "鹏湾新区葵涌河（土洋东路至入海口段）综合整治及碧道建设工程（含沿线截污管网、生态补水泵站、慢行系统及智慧水务感知设施）初步设计与概算"


class SampleForm(forms.Form):
    name = forms.CharField(label="项目名称", help_text="与立项文件一致，不用简称。", initial=SCHOOL)
    amount = forms.CharField(label="申报金额", widget=forms.TextInput(attrs={"class": "num", "inputmode": "decimal"}))
    kind = forms.ChoiceField(label="事项类型", choices=[("EST", "初步设计与概算"), ("FS", "可行性研究报告")])
    due = forms.DateField(label="计划开工日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    opinion = forms.CharField(label="审核意见", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    promise = forms.BooleanField(label="我单位对所报材料的真实性负责")


def styleguide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404
    context = sample_context()
    if "shell" in request.GET:
        context["shell"] = sample_shell()
    return render(request, "web/styleguide.html", context)


def sample_shell() -> dict[str, Any]:
    unit = SimpleNamespace(
        key="p1", user="林晓梅", role="APPLICANT_CLERK", organisation="鹏湾新区建筑工务局", principal=None
    )
    chief = SimpleNamespace(
        key="d7", user="林晓梅", role="APPLICANT_LEAD", organisation="鹏湾新区建筑工务局", principal="陈国栋"
    )
    labels = [
        ("待办", 12),
        ("在办", 38),
        ("已办", 0),
        ("项目", 0),
        ("年度计划", 0),
        ("报表", 0),
        ("督查", 2),
        ("留痕", 0),
    ]
    return {
        "district": "鹏湾新区",
        "unread": 3,
        "searches": True,
        "actor": unit,
        "posts": [unit, chief],
        "nav": [(label, f"#{n}", n == 0, count) for n, (label, count) in enumerate(labels)],
    }


def sample_context() -> dict[str, Any]:
    form = SampleForm({"name": "", "amount": "6,823.2.6", "kind": "EST", "opinion": "概算编制深度基本满足要求。"})
    form.add_error("amount", "“6,823.2.6”不是金额。")
    return {
        "school": SCHOOL,
        "long_name": LONG_NAME,
        "form": form,
        "title": f"{SCHOOL} · 初步设计与概算",
        "header_facts": ["2308-440399-04-01-512837", "鹏湾新区建筑工务局", "申报 6,823.26 万元"],
        "refusals": [SimpleNamespace(message="周敏于 14:03 已将本事项送评审中心。")],
        "steps": sample_steps(),
        "rows": sample_rows(),
        "lines": sample_lines(),
        "page": Paginator(range(1, 874), 20).page(7),
        "entries": sample_entries(),
        "files": sample_files(),
        "off_reasons": ["岩土工程勘察报告缺第 12–18 页，须先补正。", "评审意见须由两名评审人员签署（已签 1 人）。"],
        "chart": {
            "labels": ["项目建议书", "可行性研究报告", "初步设计与概算", "施工图预算", "竣工结算"],
            "series": [
                {"name": "申报", "values": ["18620.00", "43210.50", "126340.80", "52310.70", "25437.00"]},
                {"name": "审定", "values": ["15230.00", "33105.20", "92130.40", "40120.90", "18427.50"]},
            ],
        },
        "total": Decimal("2659190000.00"),
        "reduction": Decimal("669050000.00"),
        "rate": Decimal("0.2516"),
        "now": at(23, 14, 3),
    }


def at(day: int, hour: int, minute: int) -> datetime:
    return timezone.make_aware(datetime(2026, 11, day, hour, minute))  # noqa: DTZ001


def sample_steps() -> list[dict[str, Any]]:
    return [
        {"name": "申报", "state": "done", "who": "林晓梅", "when": date(2026, 11, 2), "days": ""},
        {"name": "预审", "state": "done", "who": "窗口 黄志强", "when": date(2026, 11, 4), "days": "用 2 天"},
        {"name": "受理", "state": "done", "who": "窗口 黄志强", "when": date(2026, 11, 6), "days": "用 2 天"},
        {"name": "初审", "state": "done", "who": "投资科 周敏", "when": date(2026, 11, 12), "days": "用 4 天"},
        {"name": "评审", "state": "current", "who": "评审中心 吴建华", "days": "限 15 天，剩 6 天", "light": "GREEN"},
        {"name": "公示", "state": "skipped"},
        {"name": "复核", "state": "todo"},
        {"name": "审定", "state": "todo"},
        {"name": "批复", "state": "todo"},
    ]


def sample_rows() -> list[dict[str, Any]]:
    unit = "鹏湾新区建筑工务局"
    return [
        {
            "name": SCHOOL,
            "code": "2308-440399-04-01-512837",
            "type": "初步设计与概算",
            "unit": unit,
            "declared": Decimal("68232600.00"),
            "reviewed": Decimal("51480350.00"),
            "rate": Decimal("0.2455"),
            "state": ("FIRST_REVIEW", "初审"),
            "light": ("RED", "超期 2 个工作日"),
            "due": date(2026, 11, 19),
        },
        {
            "name": LONG_NAME,
            "code": "2405-440399-04-01-700126",
            "type": "初步设计与概算",
            "unit": "鹏湾新区水务和生态环境建设服务中心（原水务局工程建设管理中心）",
            "declared": Decimal("1265230417.55"),
            "reviewed": Decimal("1270000000.00"),
            "rate": Decimal("-0.0038"),
            "state": ("CENTER_REVIEW", "评审中心评审"),
            "light": ("YELLOW", "剩余 2 个工作日"),
            "due": date(2026, 11, 25),
        },
        {
            "name": "坝光片区市政道路（一期）",
            "code": "2211-440399-04-01-103355",
            "type": "可行性研究报告",
            "unit": unit,
            "declared": Decimal("8650000.00"),
            "reviewed": None,
            "rate": None,
            "state": ("SUPPLEMENT", "补充资料"),
            "light": ("BLUE", "已暂停：补充资料，第 3 天"),
            "due": date(2026, 12, 9),
        },
        {
            "name": "新区人民医院门诊楼修缮",
            "code": "2601-440399-04-01-880012",
            "type": "项目建议书",
            "unit": "鹏湾新区公共事业局",
            "declared": Decimal("4619500.00"),
            "reviewed": Decimal("4250000.00"),
            "rate": Decimal("0.08"),
            "state": ("ISSUED", "批复"),
            "light": ("GREEN", "按时办结"),
            "due": date(2026, 11, 27),
        },
    ]


def sample_lines() -> list[dict[str, Any]]:
    """Rows of the cost tree: code, parent, name, depth, declared and reviewed yuan, reason; branches carry no figures."""
    table = [
        ("1", "", "工程费用", 0, None, None, ""),
        ("1.1", "1", "教学楼", 1, "34000000.00", "24551000.00", "钢筋单价高于信息价"),
        ("1.2", "1", "风雨操场及地下停车库（含人防）", 1, "12200000.00", "11551500.00", "土方量重复计算"),
        ("1.3", "1", "室外工程", 1, "5000000.00", "", ""),
        ("2", "", "工程建设其他费用", 0, None, None, ""),
        ("2.1", "2", "建设单位管理费", 1, "865300.00", "865300.00", ""),
        ("2.2", "2", "勘察设计费", 1, "2345600.00", "2400000.00", "漏计人防设计"),
        ("3", "", "预备费", 0, "2720550.00", "1980000.00", "按 5 % 计取"),
    ]
    keys = ("code", "parent", "name", "depth", "declared", "reviewed", "reason")
    lines = [dict(zip(keys, row, strict=True)) for row in table]
    for line in lines:
        line["is_branch"] = line["declared"] is None
    return lines


def sample_entries() -> list[dict[str, Any]]:
    return [
        {"when": at(23, 14, 3), "what": "送评审中心评审", "who": "投资科 周敏", "state": "now", "note": ""},
        {
            "when": at(20, 9, 40),
            "what": "暂停：补充资料",
            "who": "评审中心 吴建华，经科长、分管副局长同意",
            "state": "paused",
            "note": "请补充基坑支护专项方案及岩土工程勘察报告第 12–18 页，预计 5 个工作日。",
        },
        {"when": at(6, 16, 21), "what": "受理，发出受理通知书", "who": "窗口 黄志强", "state": "", "note": ""},
        {"when": at(2, 10, 5), "what": "提交申报（第 1 次）", "who": "项目单位 林晓梅", "state": "", "note": ""},
    ]


def sample_files() -> list[dict[str, Any]]:
    versions = [{"label": "v3", "url": "#", "current": True}, {"label": "v2", "url": "#"}, {"label": "v1", "url": "#"}]
    return [
        {
            "name": "工程概算书",
            "state": "ok",
            "url": "#",
            "note": "PDF · 3.2 MB · 林晓梅 2026-11-20",
            "versions": versions,
        },
        {"name": "BIM 模型与工程量清单", "state": "ok", "url": "#", "note": "IFC · 86.4 MB", "versions": versions[1:2]},
        {
            "name": "岩土工程勘察报告（详勘阶段，含补充勘察及场地地震安全性评价）.pdf",
            "state": "problem",
            "url": "#",
            "note": "PDF · 12.7 MB",
            "versions": versions[1:],
            "comment": "缺第 12–18 页，请补齐后重新上传。",
            "current": True,
        },
        {"name": "环境影响评价报告批复", "state": "missing", "note": "如不适用，须说明理由", "versions": []},
    ]
