"""Notices: what people are told by e-mail and in their own calendars."""
