"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from engine.model import Json

# SQLite numbers only a column declared INTEGER by itself.
Id = BigInteger().with_variant(Integer(), "sqlite")


class Moment(TypeDecorator[datetime]):
    """An aware moment; UTC in Python and in both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses naive moments; SQLite keeps the UTC wall clock as text that sorts by time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone reached the store")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Gives UTC back, whatever the zone of the database session is."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class JsonText(TypeDecorator[Json]):
    """JSON kept as text, because a database's own JSON type may reorder keys."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: Json, dialect: Dialect) -> str:  # noqa: ARG002
        """Keeps the order of keys and Polish letters as they are; `None` becomes JSON null."""
        return to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Json:  # noqa: ARG002
        """Reads the text back."""
        return None if value is None else from_json(value)


def to_json(value: object) -> str:
    """JSON text in one line, keys in their order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> Json:
    """The value of a JSON text."""
    value: Json = json.loads(text)
    return value


def searchable(*words: str) -> str:
    """Text as it is compared in searches: neither database folds Polish capital letters in the same way."""
    return " ".join(words).casefold()


def containing(text: str) -> str:
    """A LIKE pattern (escape character `!`) that finds `text` anywhere in a `searchable` column."""
    folded = searchable(text.strip())
    for special in "!%_":
        folded = folded.replace(special, f"!{special}")
    return f"%{folded}%"
