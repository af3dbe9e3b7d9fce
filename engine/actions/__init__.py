"""Deeds: each function is one deed inside one Work; none of them commits."""
