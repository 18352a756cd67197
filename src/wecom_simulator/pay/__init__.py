"""WeChat Pay, API v3: orders, refunds, transfers to people and profit sharing of one merchant or several.

The rules stand apart from HTTP: a verb takes a `Desk` (the state, whose merchant, the hour) and answers plain fields or
raises `Refused`. `gate` checks and signs what travels; `notices` tells the merchant. Not here: version 2 and its XML,
service-provider mode, bills to download.
"""
