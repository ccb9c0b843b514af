"""Pictures for paper: PNG, SVG and PDF."""

from __future__ import annotations

from sab_visualiser.app.surroundings import forget_the_rest

# A notebook sets MPLBACKEND for all its children, and matplotlib refuses to be imported where that backend is missing.
# Nothing here needs one: pictures are Figure objects that are saved.
forget_the_rest()
