"""What every room stands on: errors, the clock, the compile switch."""
