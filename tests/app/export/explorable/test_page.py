"""The file itself: nothing in it asks a network, nothing that a person typed becomes markup."""

from __future__ import annotations

import base64
import gzip
import json
import re

from sab_visualiser.app.export.explorable.page import data_block, explorable, pack, said_by
from sab_visualiser.app.export.explorable.recording import Recording
from sab_visualiser.app.export.explorable.tables import Tables

EVIL = '</script><script>alert(1)</script><!-- {{ 7 * 7 }} "&amp;\u2028'
TABLES = Tables({"paths": {"caption": {"name": EVIL}}}, {"paths": f"# name: {EVIL}\n"})
SAID = {"program": "SAB Visualiser", "caption": {"name": EVIL}, "left_out": [EVIL]}
FILE = explorable(Recording(b"recording", SAID), EVIL, TABLES).decode()


def test_scripts_run_by_the_nonce_of_the_file_alone_and_nothing_is_fetched() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', FILE)
    assert policy is not None
    nonce = re.search(r"'nonce-([^']+)'", policy[1])
    assert nonce is not None
    assert "default-src 'none'" in policy[1]
    assert "connect-src" not in policy[1]
    running = [tag for tag in re.findall(r"<script[^>]*>", FILE) if "type=" not in tag]
    assert running == [f'<script nonce="{nonce[1]}">'] * 2
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", FILE)
    assert not re.search(r"<link\b", FILE)


def test_what_a_person_typed_is_text_wherever_it_stands() -> None:
    assert "alert(1)</script>" not in FILE
    assert "49" not in FILE.split("<title>")[1].split("</title>")[0]
    block = FILE.split('id="tables">')[1].split("</script>")[0]
    assert json.loads(block) == TABLES.json
    block = FILE.split('id="tables-csv">')[1].split("</script>")[0]
    assert json.loads(block) == TABLES.csv


def test_the_file_says_of_itself_what_it_is() -> None:
    assert said_by(FILE.encode()) == SAID
    assert said_by(b"<html>something else</html>") == {}


def test_the_same_recording_makes_the_same_bytes() -> None:
    assert explorable(Recording(b"recording", SAID), EVIL, TABLES).decode() == FILE
    assert explorable(Recording(b"another", SAID), EVIL, TABLES).decode() != FILE


def test_what_is_packed_is_unpacked_to_the_bit() -> None:
    content = bytes(range(256)) * 40
    assert gzip.decompress(base64.b64decode(pack(content))) == content
    assert "<" not in data_block({"a": "<b>"})
