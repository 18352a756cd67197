"""What every domain stands on: stores, sets, clock, ids, money, errors, auth, bus, jobs, audit, files.

The kernel knows no domain. Its plain half (ids, clock, money, errors, pages, text) does no I/O and may
be used by rules; its connected half (stores, bus, jobs, auth, web) may not.
"""
