"""Where Prefect answers, said without importing it: that takes a second."""

from __future__ import annotations

import os
import sys


def api_url() -> str:
    """As Prefect says it; where it is not imported yet, the variable that it would read first. Empty where none is."""
    if sys.modules.get("prefect") is None and (url := os.environ.get("PREFECT_API_URL")):
        return url
    from prefect.settings import PREFECT_API_URL

    return PREFECT_API_URL.value() or ""


def ui_url() -> str:
    """Where people look at it; empty where no server is known."""
    return os.environ.get("PREFECT_UI_URL") or os.environ.get("PREFECT_API_URL", "").removesuffix("/api")
