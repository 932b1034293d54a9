"""The people, a way to look at pages as one of them, and a draft."""

import pytest

from tests.support import lives
from tests.support.cast import make_cast


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def see(client):
    """`see(cast.lin, url)` is what Lin gets; with data, what posting answers."""

    def look(actor, url, data=None, **headers):
        client.force_login(actor.user)
        return client.get(url) if data is None else client.post(url, data, **headers)

    return look


@pytest.fixture
def item(cast):
    return lives.a_draft(cast)
