"""One person behind many identities: members, their attributes with history, consent, merges and their undoing.

Every member has a dense number that is never given again. Identities, attribute changes and consents stay with the
number they were written under; a merge only says whose they are now, so undoing one restores exactly what was.
Personal values are sealed before they reach a table. It does not know what people did: that is activity's.
"""
