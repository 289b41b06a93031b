from __future__ import annotations

from tests.deployments.test_command import own_home, tminus

__all__ = ["own_home", "tminus"]
