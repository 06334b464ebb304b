"""The composition root: the only room that knows every other; it joins them into a night, a replay or a
watch.
"""
