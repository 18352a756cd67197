"""Numbers for a person to read: overview, repeat rate, sources, revenue by week, each with a stated definition.

Reads what other domains hold and owns no table.
"""
