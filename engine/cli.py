"""The command line: `bieg …`."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from engine import bench, cli_terms, demo, scheduler, shipped
from engine.actions import duties, firing, people, sessions
from engine.bootstrap import Parts, assemble
from engine.errors import DefinitionRejected, EngineError, Problem
from engine.reading import centre, soundness
from engine.settings import Settings
from engine.store.database import upgrade

REFUSED = 1
UNREADABLE = 2
KINDS = frozenset({".bpmn", ".dmn", ".json"})


def parts() -> Parts:
    """The parts of this installation; the database is brought up to date first."""
    try:
        settings = Settings()
    except ValidationError as wrong:
        names = ", ".join(f"BIEG_{one['loc'][0]}".upper() for one in wrong.errors())
        raise click.ClickException(
            f"Niedozwolona wartość ustawienia: {names}. Popraw ją i spróbuj ponownie."
        ) from wrong
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    upgrade(settings.url)
    return assemble(settings)


class Told(click.Command):
    """A command whose help is Polish."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How it is called."""
        pieces = " ".join(self.collect_usage_pieces(ctx)).replace("[OPTIONS]", "[OPCJE]")
        formatter.write_usage(ctx.command_path, pieces, prefix="Użycie: ")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option `--help`."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Pokazuje ten opis."
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What can be chosen."""
        told = [one.get_help_record(ctx) for one in self.get_params(ctx)]
        told = [one and (one[0], one[1].replace("[required]", "[konieczne]")) for one in told]
        with formatter.section("Opcje"):
            formatter.write_dl([one for one in told if one is not None])


class Polite(Told, click.Group):
    """A group whose commands end with a Polish sentence instead of a trace when something is refused."""

    command_class = Told

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run from the command line; ends the process with 0, 1 for a refusal, 2 for a command not understood."""
        try:
            told = super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as empty:
            click.echo(empty.ctx.get_help() if empty.ctx else "")
            sys.exit(UNREADABLE)
        except click.UsageError as wrong:
            click.echo(f"Błąd: {_misread(wrong)}", err=True)
            sys.exit(UNREADABLE)
        except click.ClickException as refused:
            click.echo(f"Błąd: {refused.message}", err=True)
            sys.exit(REFUSED)
        except click.Abort:
            click.echo("Przerwano.", err=True)
            sys.exit(REFUSED)
        sys.exit(told if isinstance(told, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except DefinitionRejected as failure:
            file = "".join(f"{note}:" for note in getattr(failure, "__notes__", ()))
            _tell(file, failure.problems, err=True)
            raise click.ClickException(failure.message) from failure
        except EngineError as failure:
            raise click.ClickException(failure.message) from failure

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise click.UsageError(f"Nie ma polecenia „{args[0]}”.", ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What can be chosen, then the commands."""
        super().format_options(ctx, formatter)
        with formatter.section("Polecenia"):
            formatter.write_dl([(name, one.get_short_help_str(80)) for name, one in sorted(self.commands.items())])


@click.group(cls=Polite, subcommand_metavar="POLECENIE …")
def main() -> None:
    """Bieg: procedury ośrodka pomocy społecznej."""


@main.command()
def init() -> None:
    """Tworzy bazę danych albo ją aktualizuje."""
    database = parts().database
    database.run(duties.ensure)
    database.run(firing.ensure_daily)
    click.echo("Baza danych jest gotowa.")


@main.command(name="demo")
def load_demo() -> None:
    """Wczytuje ośrodek pokazowy; odmawia, gdy w bazie są inne dane."""
    for line in demo.load(parts()):
        click.echo(line)


@main.command()
@click.argument("login", metavar="LOGIN")
@click.argument("name", metavar="IMIĘ_I_NAZWISKO")
@click.option("--password", prompt="Hasło", hide_input=True, confirmation_prompt="Powtórz hasło")
def admin(login: str, name: str, password: str) -> None:
    """Dodaje pierwszego administratora ośrodka."""
    with parts().database.work() as work:
        people.add(work, None, login=login, name=name, email="", unit=None, roles=["Administrator"], password=password)
    click.echo(f"Dodano administratora {login}.")


@main.command()
@click.option("--host", default="", help="Adres, na którym system odpowiada.")
@click.option("--port", default=0, help="Port.")
@click.option("--processes", default=0, help="Ile procesów odpowiada na żądania.")
@click.option("--no-scheduler", is_flag=True, help="Bez budzika; terminy obsługuje wtedy „bieg work”.")
def serve(host: str, port: int, processes: int, no_scheduler: bool) -> None:
    """Uruchamia strony i budzik."""
    ready = parts()
    host, port = host or ready.settings.host, port or ready.settings.port
    _only_here(ready, host)
    found = entry_points(group="bieg.web", name="serve")
    run: Callable[[Parts, str, int, int], None] = next(iter(found)).load()
    ticking = None if no_scheduler else scheduler.start(ready)
    try:
        run(ready, host, port, max(1, processes or ready.settings.processes))
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
@click.argument("files", metavar="PLIK…", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Sprawdza diagramy, decyzje, formularze i tabele jak przy publikacji: „plik:wiersz: element: co jest nie tak”."""
    texts = {path: _readable(path) for path in _expanded(files)}
    found = shipped.check({path: data for path, data in texts.items() if data is not None})
    for path, problems in found.items():
        _tell(f"{path}:", problems)
    if None in texts.values():
        sys.exit(UNREADABLE)
    if any(one.severity == "error" for problems in found.values() for one in problems):
        sys.exit(REFUSED)


@main.command()
@click.argument("files", metavar="PLIK…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--by", "login", default="", help="Login osoby, która publikuje.")
def publish(files: tuple[Path, ...], login: str) -> None:
    """Publikuje diagramy, decyzje, formularze i tabele; można podać całe foldery."""
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


@main.command()
@click.argument("rule", metavar="ZASADA")
@click.option("--from", "since", required=True, metavar="DATA", help="Zdarzenie: 2026-06-03 albo 2026-06-03T10:15.")
@click.option(
    "--on",
    "calendar",
    metavar="KALENDARZ",
    default=cli_terms.BY_LAW,
    type=click.Choice([cli_terms.BY_LAW, *cli_terms.OF_CENTRE], case_sensitive=False),
    help="„ustawowy” (zwykle) albo „ośrodek”: z zasadami i dniami wolnymi tego ośrodka, z bazy danych.",
)
@click.option("--date", "dates", multiple=True, metavar="NAZWA=DATA", help="Data ze sprawy; można podać kilka.")
@click.option("--json", "as_json", is_flag=True, help="Wynik dla programów.")
def term(rule: str, since: str, calendar: str, dates: tuple[str, ...], as_json: bool) -> None:
    """Liczy termin i mówi, skąd się wziął: „14 dni”, „2 tygodnie”, „14 dni roboczych” albo nazwa zasady."""
    database = parts().database if calendar in cli_terms.OF_CENTRE else None
    found = cli_terms.count(rule, since, dates, database)
    click.echo(json.dumps(cli_terms.figures(found), ensure_ascii=False) if as_json else cli_terms.told(found))


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
    data = _readable(path)
    if data is None:
        raise SystemExit(UNREADABLE)
    return data


def _readable(path: Path) -> bytes | None:
    """The content of a file; None, after a word about it, when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        click.echo(f"{path}:0: : Nie mogę odczytać tego pliku.", err=True)
        return None


def _expanded(files: tuple[Path, ...]) -> list[Path]:
    """Folders as the files in them."""
    found: list[Path] = []
    for path in files:
        inside = sorted(one for one in path.rglob("*") if one.suffix in KINDS)
        found.extend(inside if path.is_dir() else [path])
    return found


def _tell(file: str, problems: Iterable[Problem], *, err: bool = False) -> None:
    """One line a problem, as editors and scripts read it."""
    for one in problems:
        mark = "" if one.severity == "error" else "uwaga: "
        click.echo(f"{file}{one.line}: {one.element}: {mark}{one.message}", err=err)


def _misread(wrong: click.UsageError) -> str:
    """What of a command was not understood, and where its description is."""
    help_at = f" Opis: {wrong.ctx.command_path} --help" if wrong.ctx is not None else ""
    if isinstance(wrong, click.MissingParameter):
        name = wrong.param.human_readable_name if wrong.param is not None else ""
        return f"Brakuje wartości „{_dashed(wrong.param) or name}”.{help_at}"
    if isinstance(wrong, click.NoSuchOption):
        return f"Nie ma opcji „{wrong.option_name}”.{help_at}"
    if isinstance(wrong, click.BadParameter):
        return f"Niedozwolona wartość „{_dashed(wrong.param)}”.{help_at}"
    return f"{wrong.message}{help_at}" if wrong.message.startswith("Nie ma") else f"Nie rozumiem polecenia.{help_at}"


def _dashed(param: click.Parameter | None) -> str:
    """An option as it is typed, another parameter by its name in capitals."""
    return "" if param is None else param.opts[0] if param.opts[0].startswith("-") else param.human_readable_name
