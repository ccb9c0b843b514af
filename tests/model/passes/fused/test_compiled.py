"""Machine code of the loops is kept in a folder of its own for each version of their sources."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
from numba.core import config
from numba.core.dispatcher import Dispatcher

from sab_visualiser.model.passes.fused.kernels import compiled, rows


def chosen() -> str:
    """The folder that Numba has been told to use; its settings are made at run time."""
    return str(getattr(config, "CACHE_DIR"))  # noqa: B009


@pytest.fixture(autouse=True)
def _no_wish(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(config, "CACHE_DIR", "", raising=False)


def test_every_file_that_the_loops_call_into_has_a_part_in_the_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = [path.name for path in compiled.sources()]
    for path in compiled.sources():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "compiled.py"))
    digests = {compiled.digest()}
    for name in names:
        with (tmp_path / name).open("a") as file:
            file.write("# changed\n")
        digests.add(compiled.digest())
    assert len(digests) == 1 + len(names)


def test_whatever_is_compiled_stands_beside_the_digest_and_calls_nothing_from_elsewhere() -> None:
    room = "sab_visualiser.model.passes.fused.kernels"
    for path in Path(compiled.__file__).parents[1].rglob("*.py"):
        if path not in compiled.sources():
            assert "**OPTIONS" not in path.read_text(), path.name
            continue
        ours = [name for name in imports(path) if name.startswith("sab_visualiser")]
        assert all(name.startswith(room) for name in ours), path.name


def imports(path: Path) -> list[str]:
    tree = ast.walk(ast.parse(path.read_text()))
    return [node.module for node in tree if isinstance(node, ast.ImportFrom) and node.module]


def test_pieces_that_add_up_have_no_code_but_their_callers() -> None:
    """Else the process that compiles the loops, and it alone, computes gradients with other last bits."""
    compiled_pieces = [piece for piece in vars(rows).values() if isinstance(piece, Dispatcher)]
    assert len(compiled_pieces) > 10
    for piece in compiled_pieces:
        options = piece.targetoptions
        assert options.get("forceinline") or options.get("inline") == "always", piece


def test_functions_made_meanwhile_use_the_folder_and_later_ones_do_not(tmp_path: Path) -> None:
    with compiled.kept_code():
        assert str(compiled.cache_folder()) == chosen()
    assert chosen() == ""
    assert compiled.cache_folder().is_dir()


def test_a_folder_that_a_person_chose_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(config, "CACHE_DIR", "/chosen", raising=False)
    with compiled.kept_code():
        assert chosen() == "/chosen"
    assert not compiled.cache_folder().exists()


def test_a_home_that_cannot_be_written_has_loops_kept_below_temporary_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sab-visualiser").write_text("a file where a folder should be")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "passing"))
    with compiled.kept_code():
        assert chosen() == "", "nor could one be made there"
    (tmp_path / "passing").mkdir()
    with compiled.kept_code():
        assert chosen() == str(compiled.passing_folder())


def test_only_the_last_versions_stay(tmp_path: Path) -> None:
    base = compiled.cache_folder().parent
    for age in range(8):
        folder = base / f"loops-{age}"
        folder.mkdir(parents=True)
        os.utime(folder, (1000 - age, 1000 - age))
    with compiled.kept_code():
        pass
    left = {folder.name for folder in base.iterdir()}
    assert left == {compiled.cache_folder().name, "loops-0", "loops-1", "loops-2"}


def test_a_version_that_another_process_removes_at_this_moment_changes_nothing(tmp_path: Path) -> None:
    base = compiled.cache_folder().parent
    base.mkdir(parents=True)
    (base / "loops-gone").symlink_to(tmp_path / "nowhere")
    with compiled.kept_code():
        assert chosen() == str(compiled.cache_folder())
