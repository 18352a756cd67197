"""Who may do what: console users, sessions, API keys and write keys, roles, permissions, data scopes.

It answers every call with a principal. It knows no members and no orders: a data scope is a set of
organisation units, which the repositories of other domains apply to their own rows.
"""
