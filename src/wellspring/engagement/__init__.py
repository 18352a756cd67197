"""Whom to touch, when, through whom and with what: the decisions behind campaigns, journeys and posts.

Owns frequency caps, quiet hours, the planner of sends and that of slots. Promises that nobody is touched oftener than a
cap says, nor in a quiet hour of their own zone. Sends nothing: what was decided is carried by `channels`.
"""
