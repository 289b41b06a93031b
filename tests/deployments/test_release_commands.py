"""`tminus explain`, as somebody types it: without a server, and without leaving anything behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.layers import ROOT

ORGANISATION = "organisation: Example\nproducts: {acme: {title: Acme}}\n"


def test_explain_needs_no_server_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "organisation.yaml").write_text(ORGANISATION)
    code = (
        "import sys; from deployments.command import run; "
        "status = run(['explain', 'v2.4.1-rc.1', '--json']); "
        "sys.exit(status or 'prefect' in sys.modules)"
    )
    given = {"TMINUS_HOME": str(tmp_path / "home"), "TMINUS_ORGANISATION": str(tmp_path / "organisation.yaml")}
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert (said["product"], said["step"], said["towards"], said["starts"]) == ("acme", "pre-release", "patch", False)
    assert said["products"] == [
        {"product": "acme", "version": "2.4.1-rc.1", "why": "`v{version}` reads it as version 2.4.1-rc.1"}
    ]
    assert not (tmp_path / "home").exists()
