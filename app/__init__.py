"""The server: HTTP, sockets, store and pages. Nothing outside app/worker imports torch or the model."""

if __name__ == "app":  # from the top of a clone, or by the `sab` that version 0.1 installed
    raise ImportError(
        "this folder is the package sab_visualiser.app: import that name; if it was `sab` that failed, it is that of "
        "version 0.1, and `make install` (or pip install) puts the present one in its place"
    )
