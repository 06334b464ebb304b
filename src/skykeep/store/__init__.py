"""The edge where data stays: the log database and the picture archive."""
