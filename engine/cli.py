"""The command line: `bieg …`."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click

from engine import bench, demo, scheduler, shipped
from engine.actions import people, sessions
from engine.bootstrap import Parts, assemble
from engine.errors import DefinitionRejected, EngineError
from engine.reading import centre, soundness
from engine.settings import Settings
from engine.store.database import upgrade

REFUSED = 1
UNREADABLE = 2


def parts() -> Parts:
    """The parts of this installation; the database is brought up to date first."""
    settings = Settings()
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    upgrade(settings.url)
    return assemble(settings)


class Polite(click.Group):
    """A group whose commands end with a Polish sentence instead of a trace when the engine refuses."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except DefinitionRejected as failure:
            for problem in failure.problems:
                click.echo(f"{problem.line}: {problem.element}: {problem.message}", err=True)
            raise click.ClickException(failure.message) from failure
        except EngineError as failure:
            raise click.ClickException(failure.message) from failure


@click.group(cls=Polite)
def main() -> None:
    """Bieg: procedury ośrodka pomocy społecznej."""


@main.command()
def init() -> None:
    """Tworzy bazę danych albo ją aktualizuje."""
    parts()
    click.echo("Baza danych jest gotowa.")


@main.command(name="demo")
def load_demo() -> None:
    """Wczytuje ośrodek pokazowy; odmawia, gdy w bazie są inne dane."""
    for line in demo.load(parts()):
        click.echo(line)


@main.command()
@click.argument("login")
@click.argument("name")
@click.option("--password", prompt="Hasło", hide_input=True, confirmation_prompt="Powtórz hasło")
def admin(login: str, name: str, password: str) -> None:
    """Dodaje pierwszego administratora ośrodka."""
    with parts().database.work() as work:
        people.add(work, None, login=login, name=name, email="", unit=None, roles=["Administrator"], password=password)
    click.echo(f"Dodano administratora {login}.")


@main.command()
@click.option("--host", default="", help="Adres, na którym system odpowiada.")
@click.option("--port", default=0, help="Port.")
@click.option("--no-scheduler", is_flag=True, help="Bez budzika; terminy obsługuje wtedy „bieg work”.")
def serve(host: str, port: int, no_scheduler: bool) -> None:
    """Uruchamia strony i budzik w jednym procesie."""
    ready = parts()
    host, port = host or ready.settings.host, port or ready.settings.port
    _only_here(ready, host)
    found = entry_points(group="bieg.web", name="serve")
    run: Callable[[Parts, str, int], None] = next(iter(found)).load()
    ticking = None if no_scheduler else scheduler.start(ready)
    try:
        run(ready, host, port)
    finally:
        if ticking is not None:
            ticking.shutdown(wait=True)


@main.command()
def work() -> None:
    """Uruchamia sam budzik; takich procesów może być dowolnie wiele."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    ticking = scheduler.start(parts())
    click.echo("Budzik działa. Zatrzymasz go klawiszami Ctrl+C.")
    stop.wait()
    ticking.shutdown(wait=True)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Sprawdza diagramy jak przy publikacji: „plik:wiersz: element: co jest nie tak”."""
    refused = False
    texts = {path: _bytes(path) for path in _diagrams(files)}
    for path, problems in shipped.check(texts).items():
        for one in problems:
            mark = "" if one.severity == "error" else "uwaga: "
            click.echo(f"{path}:{one.line}: {one.element}: {mark}{one.message}")
            refused = refused or one.severity == "error"
    sys.exit(REFUSED if refused else 0)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--by", "login", default="", help="Login osoby, która publikuje.")
def publish(files: tuple[Path, ...], login: str) -> None:
    """Publikuje diagramy, formularze i tabele; można podać całe foldery."""
    with parts().database.work() as work:
        by = centre.person(work, login) if login else None
        if login and by is None:
            raise click.ClickException(f"Nie ma osoby o loginie „{login}”.")
        for key, version in shipped.publish(work, by, {path: _bytes(path) for path in _expanded(files)}):
            click.echo(f"{key} {version}")


@main.command()
@click.option("--person", "login", required=True, help="Login osoby, w której imieniu działa program.")
@click.option("--name", default="program", help="Do czego służy token.")
@click.option("--days", default=365, type=click.IntRange(1, 3650), help="Na ile dni.")
def token(login: str, name: str, days: int) -> None:
    """Tworzy osobisty token API i pokazuje go tylko raz."""
    with parts().database.work() as work:
        person = centre.person(work, login)
        if person is None or not person.active:
            raise click.ClickException(f"Nie ma czynnej osoby o loginie „{login}”.")
        click.echo(sessions.make_token(work, person.id, name, days))


@main.command()
def verify() -> None:
    """Sprawdza ustawienia bazy, ciągłość dziennika i sprawy, które utknęły."""
    ready = parts()
    with ready.database.look() as work:
        findings = (*ready.database.check(), *soundness.findings(work))
    for text in findings:
        click.echo(text)
    if findings:
        sys.exit(REFUSED)
    click.echo("Wszystko w porządku.")


@main.command(name="bench")
@click.option("--json", "as_json", is_flag=True, help="Wynik dla programów.")
def run_bench(as_json: bool) -> None:
    """Mierzy szybkość tej instalacji."""
    figures = bench.run()
    if as_json:
        click.echo(json.dumps({one.name: one.value for one in figures}, ensure_ascii=False))
        return
    for one in figures:
        click.echo(f"{one.name:<40} {one.value:>12.3f} {one.unit}")


def _only_here(ready: Parts, host: str) -> None:
    """The demonstration centre lists its passwords, so it answers this machine only."""
    with ready.database.look() as work:
        if centre.head(work).demo and host not in ("127.0.0.1", "localhost", "::1"):
            raise click.ClickException("Ośrodek pokazowy działa tylko na tym komputerze (adres 127.0.0.1).")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        click.echo(f"{path}:0: : Nie mogę odczytać tego pliku.", err=True)
        raise SystemExit(UNREADABLE) from failure


def _expanded(files: tuple[Path, ...]) -> list[Path]:
    """Folders as the files in them."""
    found: list[Path] = []
    for path in files:
        inside = sorted(one for one in path.rglob("*") if one.suffix in (".bpmn", ".json")) if path.is_dir() else [path]
        found.extend(inside)
    return found


def _diagrams(files: tuple[Path, ...]) -> list[Path]:
    return [path for path in _expanded(files) if path.suffix != ".json"]
