"""One file per subcommand of `sab`. Torch and matplotlib are imported inside the functions that need them."""
