"""Serves the application with waitress."""

from __future__ import annotations

import click
import waitress

from engine.bootstrap import Parts
from web.app import create

THREADS = 8


def serve(parts: Parts, host: str, port: int) -> None:
    """Answer until the process is told to stop."""
    click.echo(f"Bieg: http://{host}:{port}  (zatrzymasz go klawiszami Ctrl+C)")
    try:
        waitress.serve(create(parts), host=host, port=port, threads=THREADS, ident="bieg")
    except OSError as taken:
        raise click.ClickException(f"Port {port} jest zajęty. Podaj inny: bieg serve --port 8001.") from taken
