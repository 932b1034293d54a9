"""The shell session of docs/API.md works as it stands, against a running server, for the people of the demo."""

import os
import re
import shutil
import subprocess
from datetime import date
from decimal import Decimal

import pytest

from approvals.models import ApprovalItem, Reduction
from tests.support import days
from tests.support.cast import make_cast
from tests.support.source_tree import ROOT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl"),
]


def test_the_session_with_curl_ends_with_the_reduction(live_server, tmp_path):
    make_cast(password="demo")
    script = "\n".join(re.findall(r"```bash\n(.*?)```", (ROOT / "docs/API.md").read_text(encoding="utf-8"), re.DOTALL))
    with days.on(date(2026, 3, 2)):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env={**os.environ, "BASE": live_server.url, "no_proxy": "*"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-3000:]
    item = ApprovalItem.objects.get()
    row = Reduction.objects.get(item=item)
    assert (item.state, row.declared, row.reviewed) == ("ISSUED", Decimal("10000000.00"), Decimal("7500000.00"))
    assert item.slots.get(code="B01").versions.get().file.name == "项目建议书.pdf"
    assert '{"from":"2026-02-09","days":20,"due":"2026-03-13"}' in done.stdout
    assert done.stdout.splitlines()[0] == "林晓"
    assert (tmp_path / "decision.pdf").read_bytes().startswith(b"%PDF-")
