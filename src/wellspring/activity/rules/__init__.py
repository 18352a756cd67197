"""Pure decisions about messages, personal values, orders and property types: no I/O, no clock, no randomness."""
