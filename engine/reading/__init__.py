"""Looks: each function answers one screen or API call, and never writes."""
