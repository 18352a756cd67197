"""The simulator's page for people, in Chinese as the platform's own console: see the world, play a customer, break things.

Rendered on the server; buttons call the control API. It is no part of any platform and knows no access rights.
"""
