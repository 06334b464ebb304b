"""The verifiable log, and the dossier."""
