"""manage.py appoint_administrator: gives the first holder of each administrator's post; afterwards use the page /posts/."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.roles import ADMINISTRATORS
from accounts.services import posts
from core.errors import DomainError


class Command(BaseCommand):
    help = "The first system, security or audit administrator: three people, without any other post (R-SOD-04)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=sorted(ADMINISTRATORS))
        parser.add_argument("organisation", help="name of the house; set up as system operation if it is new")

    def handle(self, *, username: str, role: str, organisation: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": username})
        kind = Organisation.Kind.PLATFORM
        house, _created = Organisation.objects.get_or_create(name=organisation, defaults={"kind": kind})
        try:
            post = posts.give_first(user=user, organisation=house, role=role)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(post))
