"""Coverage, layouts and many simulated nights."""
