"""Pure decisions of engagement over sets of members; clock, counters and salts are passed in."""
