"""One table of settings: name, default, unit, help. Environment (prefix SAB_), command line and docs read it.

What a single run is made of: RunSpec in app/wire/requests.py.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def default_data_dir() -> Path:
    """Where runs are kept when nobody says otherwise: the XDG data folder of this person."""
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "sab-visualiser"


def _setting(default: Any, unit: str, words: str, **limits: Any) -> Any:
    return Field(default, description=words, json_schema_extra={"unit": unit}, **limits)


class Settings(BaseSettings):
    """What the server may be told; every field is also an environment variable SAB_NAME."""

    model_config = SettingsConfigDict(env_prefix="SAB_", frozen=True, extra="forbid")

    host: str = _setting("127.0.0.1", "address", "Address to listen on; others reach it only with --allow-host.")
    port: int = _setting(8000, "port", "Port to listen on; 0 takes any free one.", ge=0, le=65535)
    data_dir: Path = Field(
        default_factory=default_data_dir,
        description="Folder of runs and checkpoints; made with mode 0700.",
        json_schema_extra={"unit": "folder", "default_words": "~/.local/share/sab-visualiser"},
    )
    open_browser: bool = _setting(False, "yes or no", "Open the page in the default browser once ready.")
    no_auth: bool = _setting(
        False, "yes or no", "There is nothing to switch off yet: this server asks nobody for a password or token."
    )
    allow_host: Annotated[list[str], NoDecode] = _setting(
        [], "names, comma separated", "Further Host names to answer to, each with or without a port."
    )
    worker_token: str | None = _setting(
        None, "text", "Secret that workers started by hand must send; drawn afresh when left out."
    )
    max_runs: int = _setting(4, "runs", "Runs that train at the same time.", ge=1, le=64)
    queue: int = _setting(200, "runs", "Runs that may wait for a free worker.", ge=0, le=1000)
    snapshots_kept: int = _setting(
        400, "snapshots a run", "More than these are thinned evenly; first and last stay.", ge=2, le=100_000
    )
    checkpoints_kept: int = _setting(
        20, "checkpoints a run", "More than these are thinned evenly; first and last stay.", ge=2, le=1000
    )
    ring: int = _setting(256, "events a run", "Events kept in memory for replay.", ge=1, le=100_000)
    send_timeout_s: float = _setting(
        5.0, "seconds", "A viewer that takes nothing for so long is closed with 1013.", gt=0, le=60
    )
    probe_timeout_s: float = _setting(20.0, "seconds", "A probe that takes longer answers 504.", gt=0, le=600)
    probe_queue: int = _setting(16, "probes", "Probes that may wait at one worker; more answer 429.", ge=1, le=1000)
    probe_cache: int = _setting(64, "traces", "Answers about stored networks kept in memory.", ge=0, le=10_000)
    device: Literal["auto", "cpu", "cuda", "mps"] = _setting(
        "auto",
        "device",
        "Where workers train: auto, cpu, cuda or mps; auto keeps to the CPU while its fused loops work.",
    )
    worker_exit_s: float = _setting(
        2.0, "seconds", "Time a worker gets to save a checkpoint when the server ends.", gt=0, le=60
    )

    @field_validator("allow_host", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [name.strip() for name in value.split(",") if name.strip()]
        return value
