"""The whole past of the demonstration, replayed once for the tests of this folder and rolled back after them."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction

from demonstration import replay


class _Done(Exception):
    """Rolls the replay back."""


@pytest.fixture(scope="package")
def replayed(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    with django_db_blocker.unblock():
        before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("replayed")
        try:
            with transaction.atomic():
                replay.load(with_present=False)
                yield
                raise _Done
        except _Done:
            pass
        finally:
            settings.MEDIA_ROOT = before
