"""People, organisations, posts, substitutes, interests and notices."""

from accounts.models.message import Message
from accounts.models.people import Appointment, Delegation, Interest, Organisation, User

__all__ = ["Appointment", "Delegation", "Interest", "Message", "Organisation", "User"]
