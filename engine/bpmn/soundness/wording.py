"""What soundness has found, in sentences that fit on two lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.bpmn.soundness.levels import GATEWAYS, Step
from engine.errors import Problem

LONGEST_PATH = 110  # letters
LONGEST_LABEL = 40


def problem(step: Step, message: str, severity: str) -> Problem:
    """A problem at a step."""
    return Problem(element=step.id, name=step.name, line=step.line, message=message, severity=severity)


def never_opens(join: Step, missing: str, path: str) -> Problem:
    """An error: no run brings a token on every flow."""
    advice = "Zmień rodzaj bramki albo poprowadź strzałki inaczej."
    return problem(join, f"To złączenie nigdy się nie otworzy: nie doczeka się {missing}. {advice}{path}", "error")


def always_stuck(join: Step, missing: str, path: str) -> Problem:
    """An error: every run ends here."""
    advice = "Zmień rodzaj bramki albo poprowadź strzałki inaczej."
    return problem(join, f"Sprawa zawsze utknie na tym złączeniu: nie doczeka się {missing}. {advice}{path}", "error")


def may_be_stuck(join: Step, missing: str, path: str) -> Problem:
    """A warning: some run ends here."""
    return problem(join, f"Sprawa może tu utknąć: złączenie może nie doczekać się {missing}.{path}", "warning")


def unreached(step: Step, before: Step) -> Problem:
    """An error: no run passes this step."""
    message = f"Ten krok nigdy nie zostanie wykonany: „{short(before)}” nigdy nie przechodzi w tę stronę. Usuń go."
    return problem(step, message, "error")


def endless(step: Step, path: str) -> Problem:
    """An error: steps repeat and nobody can stop them."""
    message = (
        "Od tego kroku sprawa krąży bez końca, bez udziału człowieka. Dodaj wyjście z pętli albo krok, który czeka."
    )
    return problem(step, f"{message}{path}", "error")


def twice(step: Step) -> Problem:
    """A warning: two tokens come one after the other."""
    message = "Ten krok wykona się więcej niż raz, bo dochodzą do niego równoległe drogi bez złączenia."
    return problem(step, f"{message} Jeśli ma wykonać się raz, postaw przed nim bramkę równoległą.", "warning")


def more_and_more(step: Step, path: str) -> Problem:
    """A warning: each round adds a token."""
    message = "Równoległych dróg do tego kroku tylko przybywa i sprawa może się nie skończyć. Popraw pętlę przed nim."
    return problem(step, f"{message}{path}", "warning")


def silent(event: Step, host: Step) -> Problem:
    """A warning: nothing throws what is waited for."""
    return problem(
        event, f"To zdarzenie nigdy nie zajdzie: nic w podprocesie „{short(host)}” go nie zgłasza.", "warning"
    )


def unfinished(step: Step) -> Problem:
    """A warning: there were too many runs."""
    message = "Nie udało się sprawdzić wszystkich przebiegów: jest zbyt wiele równoległych dróg albo wyborów."
    return problem(step, f"{message} Podziel ten fragment na podprocesy.", "warning")


def path(steps: Iterable[Step]) -> str:
    """A sentence with the way to the fault, "" when it says nothing; the middle of a long way is left out."""
    labels: list[str] = []
    for step in steps:
        if (step.name or step.kind not in GATEWAYS) and (not labels or labels[-1] != short(step)):
            labels.append(short(step))
    if len(labels) < 2:
        return ""
    return f" Przebieg: {' → '.join(_fitting(labels))}."


def missing(join: Step, sources: Sequence[Step]) -> str:
    """What does not come: flows by the steps before them, or as many tokens as are needed."""
    if join.needs > 1:
        return f"kolejnych dróg (potrzebuje ich {join.needs})"
    return f"drogi {' i '.join(dict.fromkeys(f'od „{short(one)}”' for one in sources[:2]))}"


def short(step: Step) -> str:
    """The name of a step, cut to what fits."""
    label = step.label
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…"


def _fitting(labels: list[str]) -> list[str]:
    kept = list(labels)
    while len(" → ".join(kept)) > LONGEST_PATH and len(kept) > 3:
        middle = len(kept) // 2
        kept[middle - 1 : middle + 1] = ["…"] if "…" not in kept else []
        if "…" not in kept:
            kept.insert(len(kept) // 2, "…")
    return kept
