"""Writes every generated file of the checkout; a test fails when one of them is stale."""

from __future__ import annotations

from sab_visualiser.app.wire.generate import files


def main() -> None:
    """Write what differs, and say so."""
    for path, text in files().items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(f"wrote {path}")


if __name__ == "__main__":
    main()
