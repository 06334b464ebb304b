"""The composition root: the only room that knows every other; it joins them into a night or a replay."""
