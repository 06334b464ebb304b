"""Where things are: frames, datums, shapes and terrain."""
