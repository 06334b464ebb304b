"""The physics: compiled kernels of motion, measurement, detectability and ballistics."""
