"""Runs all measurements on the database DATABASE_URL names, which must be empty; prints one JSON line each."""

import json
import sys
from collections.abc import Iterator

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench import decision, due_dates, inbox, model_reading, reduction_report, search, shapes  # noqa: E402
from bench.measure import Line  # noqa: E402
from tests.support import lives  # noqa: E402
from tests.support.cast import make_cast  # noqa: E402


def lines() -> Iterator[Line]:
    call_command("migrate", verbosity=0)
    cast = make_cast()
    if connection.vendor == "sqlite":
        yield from due_dates.run()
        yield from shapes.run()
    yield from model_reading.run(cast)
    yield from decision.run(cast, lives.in_determination(cast))
    yield from reduction_report.run(cast)
    waiting = lives.in_first_review(
        cast,
        lives.accepted(
            cast,
            lives.submitted(
                cast,
                lives.a_draft(cast, lives.a_project_in_proposal(cast, name="收件箱", code="2611-440399-04-01-000024")),
            ),
        ),
    )
    yield from inbox.run(cast, waiting)
    yield from search.run(cast)


for line in lines():
    print(json.dumps(line.as_dict(), ensure_ascii=False), file=sys.stdout, flush=True)
