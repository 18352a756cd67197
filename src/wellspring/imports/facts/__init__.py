"""Everything that imports ask of the analytical store: staging tables, their parsing columns, joins and sums.

A staging table belongs to one run and is dropped when the run ends; it holds plain values only until then.
"""
