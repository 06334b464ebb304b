"""The nouns: frozen records that every room exchanges, and their one canonical encoding."""
