"""Who says what about the night, in whose words, from whom they have it, and where they agree or part."""
