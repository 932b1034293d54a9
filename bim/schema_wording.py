"""What the readers of XML and of its schema say in English, said in the reader's language, with their own words kept."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMESPACE = re.compile(r"\{[^}]*\}|\b(?:ids|xs):")
FORMS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"Unexpected child with tag '(?P<name>[^']*)' at position \d+\. Tag (?P<wanted>.*) expected\.",
            gettext_lazy("“%(name)s” is not allowed here; expected is %(wanted)s"),
        ),
        (
            r"Unexpected child with tag '(?P<name>[^']*)'.*",
            gettext_lazy("“%(name)s” is not allowed here"),
        ),
        (
            r"The content of element '(?P<name>[^']*)' is not complete\. Tag (?P<wanted>.*) expected\.",
            gettext_lazy("“%(name)s” is not complete; %(wanted)s is missing"),
        ),
        (
            r"The content of element '(?P<name>[^']*)' is not complete\..*",
            gettext_lazy("“%(name)s” is not complete"),
        ),
        (r"missing required attribute '(?P<name>[^']*)'", gettext_lazy("the attribute “%(name)s” is missing")),
        (
            r"'(?P<name>[^']*)' attribute not allowed for element",
            gettext_lazy("the attribute “%(name)s” is not allowed here"),
        ),
        (
            r"attribute (?P<name>\w+)='(?P<value>[^']*)': value must be one of \[(?P<wanted>.*)\]",
            gettext_lazy("“%(value)s” is no value of the attribute “%(name)s”; allowed are %(wanted)s"),
        ),
        (r"value must be one of \[(?P<wanted>.*)\]", gettext_lazy("the value is not allowed; allowed are %(wanted)s")),
        (r"Invalid \w+ string '(?P<value>[^']*)'.*", gettext_lazy("“%(value)s” is no value of the kind wanted here")),
        (r"a simple content element can't have child elements", gettext_lazy("only text is allowed here")),
        (
            r"mismatched tag: line (?P<line>\d+), column (?P<column>\d+)",
            gettext_lazy("the opening and closing tags do not match at line %(line)s, column %(column)s"),
        ),
        (
            r"(?:unclosed token|no element found|unclosed CDATA section): line (?P<line>\d+), column (?P<column>\d+)",
            gettext_lazy("the file breaks off at line %(line)s, column %(column)s"),
        ),
        (
            r"junk after document element: line (?P<line>\d+), column (?P<column>\d+)",
            gettext_lazy("something follows after the end, at line %(line)s, column %(column)s"),
        ),
        (
            r"undefined entity: line (?P<line>\d+), column (?P<column>\d+)",
            gettext_lazy("an entity nobody defined stands at line %(line)s, column %(column)s"),
        ),
        (
            r"not well-formed \(invalid token\): line (?P<line>\d+), column (?P<column>\d+)",
            gettext_lazy("a character that is not allowed stands at line %(line)s, column %(column)s"),
        ),
    )
)


def worded(detail: str) -> str:
    """The sentence, and the original in quotation marks."""
    plain = _plain(detail)
    return _("%(plain)s (original: %(detail)s)") % {"plain": plain, "detail": detail}


def _plain(detail: str) -> str:
    for pattern, words in FORMS:
        match = pattern.fullmatch(detail)
        if match:
            said = {name: NAMESPACE.sub("", part).replace("'", "") for name, part in match.groupdict().items()}
            return str(words) % said
    return _("what stands here is not allowed")
