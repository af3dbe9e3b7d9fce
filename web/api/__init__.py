"""The API: JSON over HTTP under /api/v1."""
