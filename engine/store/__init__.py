"""The store: the only room that knows SQLAlchemy; one module a noun, every function takes an open `Work` first."""
