"""Bytes to records and back, a module per standard; no sockets, no clock."""
