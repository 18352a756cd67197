"""What only a Mini Program has: logins, its round codes, telephone numbers that people share.

Its notices are sent beside those of Official Accounts (`wecom_simulator.official.messages`): the rules are the same.
"""
