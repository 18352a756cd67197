"""The web API of screens that combine domains, and the built web console itself.

A screen that shows one domain is served by that domain's own routes.
"""
