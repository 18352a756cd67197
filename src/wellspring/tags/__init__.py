"""What operators say about members: groups of tags, each tag a set of member numbers.

Tags are known facts, not rules: what follows from behaviour is an audience.
"""
