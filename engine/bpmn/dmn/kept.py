"""Decision files as a bundle keeps them: once each, read when a step first asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.bpmn.dmn import reading
from engine.bpmn.dmn.model import File


def packed(decisions: Mapping[str, bytes]) -> dict[str, Any]:
    """Decision id to file, as JSON; a file that stands under several ids is kept once."""
    files = list(dict.fromkeys(decisions.values()))
    places = {content: number for number, content in enumerate(files)}
    return {
        "ids": {id: places[content] for id, content in decisions.items()},
        "files": [content.decode("latin-1") for content in files],  # every byte as it was
    }


class Kept(Mapping[str, File]):
    """The decision files of a bundle by decision id."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._ids: Mapping[str, int] = said.get("ids", {})
        self._texts: list[str] = said.get("files", [])
        self._read: dict[int, File] = {}

    def __getitem__(self, id: str) -> File:
        place = self._ids[id]
        if place not in self._read:
            self._read[place] = reading.read(self._texts[place].encode("latin-1"))
        return self._read[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)
