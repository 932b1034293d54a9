"""Text as XML and the schemas allow it."""

import re
from datetime import datetime

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
IFC_GUID = re.compile(r"[0-9A-Za-z_$]{22}")
COLOUR = re.compile(r"[0-9A-F]{6}(?:[0-9A-F]{2})?")


def clean(text: str) -> str:
    """Without the characters that no XML file may hold."""
    return FORBIDDEN.sub("", text)


def collapsed(text: str) -> str:
    return " ".join(clean(text).split())


def is_ifc_guid(text: str) -> bool:
    return IFC_GUID.fullmatch(text) is not None


def said_number(value: float) -> str:
    return repr(float(value))


def said_moment(moment: datetime) -> str:
    """An xs:dateTime; one without a time zone stays without."""
    return moment.isoformat().replace("+00:00", "Z")
