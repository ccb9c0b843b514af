"""One table of settings: name, default, unit, help. Environment (prefix SAB_), command line and docs read it.

What a single run is made of: RunSpec in app/wire/requests.py.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from sab_visualiser.app.surroundings import home


def default_data_dir() -> Path:
    """Where runs are kept when nobody says otherwise: the XDG data folder of this person."""
    base = os.environ.get("XDG_DATA_HOME") or home() / ".local" / "share"
    return Path(base) / "sab-visualiser"


def default_data_files() -> Path:
    """Where files of data lie when nobody says otherwise: beside the usual folder of runs."""
    return default_data_dir().with_name("sab-visualiser-files")


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
    data_files: Path = Field(
        default_factory=default_data_files,
        description="Folder of files of data: texts, and folders with the files of MNIST, Fashion-MNIST, CIFAR-10.",
        json_schema_extra={"unit": "folder", "default_words": "~/.local/share/sab-visualiser-files"},
    )
    open_browser: bool = _setting(False, "yes or no", "Open the page in the default browser once ready.")
    no_auth: bool = _setting(
        False, "yes or no", "Ask nobody for a token: every program of this machine may do everything. Loopback only."
    )
    token: str | None = _setting(
        None,
        "text",
        "Secret that controllers send as Bearer; drawn and kept in the data folder when left out.",
        min_length=16,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        repr=False,
    )
    new_token: bool = _setting(False, "yes or no", "Draw new tokens: all browsers and scripts must come in anew.")
    public_url: str | None = _setting(
        None,
        "address",
        "Where people reach the page behind a proxy, as https://lab.example/sab; links begin so, and that Origin and "
        "Host are accepted.",
        pattern=r"^https?://[^/\s?#@\\]+(/[^\s?#]*)?$",
    )
    root_path: str = _setting(
        "",
        "path",
        "Prefix that a proxy leaves in what it passes on, as /sab; one that takes it away needs nothing.",
        pattern=r"^(/[^\s?#]*)?$",
    )
    allow_host: Annotated[list[str], NoDecode] = _setting(
        [], "names, comma separated", "Further Host names to answer to, each with or without a port."
    )
    worker_token: str | None = _setting(
        None, "text", "Secret that workers started by hand must send; none may dial in when left out.", repr=False
    )
    max_runs: int = _setting(4, "runs", "Runs that train at the same time.", ge=1, le=4096)
    queue: int = _setting(200, "runs", "Runs that may wait for a free worker.", ge=0, le=10_000)
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
        "Where workers train: auto, cpu, cuda or mps; auto keeps to the CPU while its fused loops work, and takes a "
        "GPU for large trainings.",
    )
    loop_threads: int = _setting(
        0,
        "threads",
        "Threads of the fused loops in each worker; 0 takes two, or one where there is one core.",
        ge=0,
        le=64,
    )
    looking_share: float = _setting(
        0.2,
        "share of the time",
        "Most of a run's time that goes into pictures of it; fewer pictures, faster training. Below 0.2 the figures of "
        "its updates come more rarely, too, down to once a second.",
        gt=0,
        le=0.5,
    )
    memory_mb: int = _setting(
        0,
        "MiB",
        "Memory that one training or one question may take, by an estimate made before it begins, and twice that for a"
        " worker; 0 takes half of what is free at that moment. A GPU is asked for what it has free.",
        ge=0,
        le=100_000_000,
    )
    uploads_kept: int = _setting(
        64, "checkpoints", "Uploaded checkpoints kept; the oldest goes when one more comes.", ge=1, le=10_000
    )
    uploads_mb: int = _setting(
        1024, "MiB", "Space for uploaded checkpoints; the oldest go when it is full.", ge=64, le=1_000_000
    )
    uploads_at_once: int = _setting(
        4, "uploads", "Checkpoints and bundles that may be on their way in; more answer 429.", ge=1, le=64
    )
    read_timeout_s: float = _setting(
        10.0, "seconds", "A request of which nothing more comes for so long is ended.", gt=0, le=600
    )
    connections: int = _setting(
        2048, "connections", "Open connections; more answer 503. Fewer where files are limited.", ge=8, le=10_000
    )
    log: Literal["plain", "json"] = _setting(
        "plain",
        "plain or json",
        "How the log is written to standard error: warnings as lines, or one JSON object a line, also for what becomes "
        "of runs.",
    )
    spares: int = _setting(
        1, "workers", "Worker processes kept warm for the next run; 0 where workers are started elsewhere.", ge=0, le=64
    )
    worker_exit_s: float = _setting(
        3.0, "seconds", "Time a worker gets to save a checkpoint when the server ends.", gt=0, le=60
    )

    @field_validator("public_url", "root_path")
    @classmethod
    def _without_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else value

    @field_validator("allow_host", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [name.strip() for name in value.split(",") if name.strip()]
        return value
