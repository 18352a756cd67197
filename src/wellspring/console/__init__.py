"""The web API of screens that combine domains, and the built web console itself.

A screen that shows one domain is served by that domain's own routes. The console keeps no facts: it asks front doors,
puts their answers side by side, and shapes JSON. It also carries what belongs to no domain: the workspace's settings,
jobs, files, and the first run.
"""
