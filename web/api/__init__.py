"""The API: JSON over HTTP under /api/v1."""

from flask import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
