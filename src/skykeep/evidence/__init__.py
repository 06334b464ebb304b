"""The verifiable log, statements side by side, and the dossier."""
