"""Numbers for a person to read: overview, repeat rate, sources, revenue by week.

Reads what other domains hold and owns no table.
"""
