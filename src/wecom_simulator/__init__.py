"""The outside world of a brand, for first runs, tests and training: customers, and the platforms they use.

It knows nothing of Wellspring's code and speaks to it over HTTP alone, as any shop or app would.
"""
