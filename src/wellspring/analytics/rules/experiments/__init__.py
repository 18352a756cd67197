"""The statistics of experiments: what an arm's units tell, what two arms differ by, and whether anybody may believe it.

One step per module. `moments` and `covariates` reduce sums to a measure (units, mean, variance per unit); `effects` compares two measures,
once or on any day; `balance` blocks what was not split as planned; `reading` puts an experiment's answer together,
`league` that of many; `exposures` says which outcomes count at all. Pure.
"""
