"""Customer contact (客户联系) as the platform keeps it: contacts, groups, what is sent to them and who hands them on.

State is plain (`state.py`), what moves it is in a module per subject, the endpoints stand beside it in `*_calls.py`.
"""
