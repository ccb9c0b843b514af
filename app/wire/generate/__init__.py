"""Files that are made from the contract and from the types that travel: `make generated` writes them all."""

from __future__ import annotations

from pathlib import Path

from sab_visualiser.app.wire.generate import claims_script, contract_script, look_script, reference, typescript

ROOT = Path(__file__).resolve().parents[3]


def files() -> dict[Path, str]:
    """Every generated file with the text that it should have."""
    page, manual = ROOT / "static" / "js" / "wire", ROOT / "docs" / "reference.md"
    return {
        page / "wire.d.ts": typescript.source(),
        page / "contract.js": contract_script.source(),
        page.parent / "draw" / "look.js": look_script.source(),
        page.parent / "panels" / "story" / "claims.js": claims_script.source(),
        manual: reference.filled_in(manual.read_text("utf-8")),
    }
