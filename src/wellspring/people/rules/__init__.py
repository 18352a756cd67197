"""Pure decisions of people: what an identifier is, who is whom, which value and which consent is in force.

No table, no clock, no randomness: the same input gives the same answer, in any order of arrival.
"""
