"""What people did: the append-only log of events and orders, how it is taken in, and how it is read by member.

Nothing else is a source of truth for behaviour. Whatever is acknowledged is durable and counts once. It keeps no
plain personal value: those go to people, and input that was refused is kept sealed. It draws no conclusions.
"""
