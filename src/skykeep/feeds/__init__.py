"""The edge where data comes in: files, captures, replay, sockets."""
