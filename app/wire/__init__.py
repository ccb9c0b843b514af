"""What travels between server, worker, page and command line: types, frames, errors."""
