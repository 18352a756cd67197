"""How people are reached: accounts of WeCom, Official Account, Mini Program and WeChat Pay, and what arrives through them.

Owns the connections, what their callbacks and lists told (contacts, who follows whom, groups), and every call made to
them. Promises that a callback is kept before it is answered, and that its effect comes once. Refuses to guess: a call
that may have been accepted ends as unknown, and is not made again.
"""
