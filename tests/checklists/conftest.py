"""Hypothesis looks for wrong answers, not for slow machines."""

from hypothesis import HealthCheck, settings

settings.register_profile("tminus", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tminus")
