"""Checklist and organisation files: read with the line of every value, merged, validated, explained."""
