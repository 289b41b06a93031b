"""Tests of what we say."""
