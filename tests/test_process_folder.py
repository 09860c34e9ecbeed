"""What a process writes into a folder of others is whole, whatever ends it."""

import os
from pathlib import Path

import pytest
from gcm.process.folder import write_whole


def test_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "facts.json"
    place.write_text("old")
    (tmp_path / ".facts.json").write_text("what a process that was killed has left")
    seen: list[tuple[int, str]] = []

    def note(descriptor: int) -> None:
        seen.append((os.fstat(descriptor).st_size, place.read_text()))

    monkeypatch.setattr(os, "fsync", note)
    write_whole(place, "new")
    assert seen == [(3, "old")]
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"facts.json": "new"}
