"""Files of data on disk: what a file or a folder is, and which data sets a folder of them holds."""
