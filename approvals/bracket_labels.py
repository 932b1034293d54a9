"""How an amount bracket is called on screen and in reports."""

from django.utils.translation import gettext

from approvals.rules.brackets import Bracket


def label(bracket: Bracket) -> str:
    """“200–500 万元”, “10,000 万元 and more”, “less than 200 万元”, in the reader's language."""
    values = {"lower": f"{bracket.lower.scaleb(-4):,.0f}"}
    if bracket.upper is None:
        return gettext("%(lower)s ×10,000 yuan and more") % values
    values["upper"] = f"{bracket.upper.scaleb(-4):,.0f}"
    if bracket.lower == 0:
        return gettext("less than %(upper)s ×10,000 yuan") % values
    return gettext("%(lower)s–%(upper)s ×10,000 yuan") % values
