"""Panels as files: tables, captions, pictures, pages, and the addresses that hand them out.

`router` is for the server; the command line uses app.export.render. Nothing here trains, probes or stores.
"""

from app.export.render import caption_for, export, render
from app.export.routes import router

__all__ = ["caption_for", "export", "render", "router"]
