"""Pure decisions of channels: no I/O, no clock, no randomness."""
