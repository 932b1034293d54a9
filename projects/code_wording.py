"""The sentences for what the project code rules report; the rules themselves only name codes."""

from django.utils.translation import gettext_lazy

SENTENCES = {
    "project_code.format": gettext_lazy(
        "A project code has the form YYMM-RRRRRR-DD-TT-NNNNNN: 20 digits in five groups joined by hyphens."
    ),
    "project_code.check_digit": gettext_lazy("The check digit of the project code does not fit: please check it."),
    "project_code.before_scheme": gettext_lazy(
        "The project code names a month before November 2020, when these codes were not yet issued."
    ),
    "project_code.scheme_unknown": gettext_lazy(
        "The first group of the project code names neither a month nor a year 2015–2020; it is kept as a local code."
    ),
}
