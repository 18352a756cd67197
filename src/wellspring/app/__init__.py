"""The composition root: the only place that knows every domain.

It wires permissions, routes, log tables, subscribers and jobs together, and starts the web server, the worker, the
command line and lab mode. It decides nothing about the business.
"""
