"""`tminus demo`: one launch from its tag to its announcements, with simulated people and nothing real in reach."""

from deployments.demo.play import demo

__all__ = ["demo"]
