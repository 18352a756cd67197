"""All of activity's analytical SQL: reading and appending the log, orders in sum, and who holds a merged number's past."""
