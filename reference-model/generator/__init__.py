"""Seeded generator of small programming problems, each in Python and in Java (standard library only)."""
