from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from sab_visualiser.app.settings import Settings, default_data_dir


def test_every_setting_has_help_and_a_unit() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert isinstance(field.json_schema_extra, dict)
        assert field.json_schema_extra["unit"], name


def test_the_environment_sets_what_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAB_PORT", "9001")
    monkeypatch.setenv("SAB_ALLOW_HOST", "lab.example, proxy.example:9999")
    assert Settings().port == 9001
    assert Settings(port=1).port == 1
    assert Settings().allow_host == ["lab.example", "proxy.example:9999"]


def test_only_this_machine_is_listened_to_unless_somebody_says_so() -> None:
    assert Settings().host == "127.0.0.1"
    assert Settings().allow_host == []


@pytest.mark.parametrize("bad", [{"port": -1}, {"port": 70_000}, {"max_runs": 0}, {"queue": -1}, {"colour": "red"}])
def test_bad_settings_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**bad)  # type: ignore[arg-type]


def test_runs_are_kept_in_the_data_folder_of_this_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert default_data_dir() == Path("/somewhere/sab-visualiser")
    monkeypatch.delenv("XDG_DATA_HOME")
    assert default_data_dir() == Path.home() / ".local/share/sab-visualiser"
