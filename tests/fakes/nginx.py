"""A real nginx before a server: a port and a configuration of its own, nobody's rights, gone at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PATIENCE_S = 20
CONFIGURATION = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
    server {{
        listen 127.0.0.1:{port}{tls};
        location {prefix}/ {{
            proxy_pass {server}{left};
            {host}
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_buffering off;
        }}
    }}
}}
"""
HOST = "proxy_set_header Host $http_host;"


def needs_nginx() -> str:
    """The program; the test is skipped with a plain word where there is none."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        assert not os.environ.get("SAB_REQUIRE_ALL"), "nginx is missing"
        pytest.skip("no nginx found: apt-get install nginx-light")
    return found


@contextmanager
def nginx(folder: Path, port: int, server: str, *, prefix: str = "", strips: bool = True, host: bool = True,
          tls: bool = False) -> Iterator[None]:  # fmt: skip
    """Between a browser and a server.

    Args:
        folder: For its files.
        port: To listen on.
        server: Address to pass requests on to.
        prefix: Before all addresses, as `/sab`.
        strips: Whether it takes the prefix away from what it passes on.
        host: Whether it passes on the Host that it was asked by; its own word for the server otherwise.
        tls: Whether it speaks https, with a certificate that it signed itself.
    """
    program, spoken = needs_nginx(), ""
    folder.mkdir(parents=True, exist_ok=True)
    if tls:
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        subprocess.run([*words, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
        spoken = f" ssl; ssl_certificate {certificate}; ssl_certificate_key {key}"
    text = CONFIGURATION.format(folder=folder, port=port, tls=spoken, prefix=prefix, server=server,
                                left="/" if strips else "", host=HOST if host else "")  # fmt: skip
    (folder / "nginx.conf").write_text(text)
    words = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    process = subprocess.Popen([*words, "-g", "daemon off; master_process off;"])
    try:
        _wait(process, port, folder)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, (folder / "error.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return
