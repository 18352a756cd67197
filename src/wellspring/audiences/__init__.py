"""Audiences: who belongs together, said in one small language and answered three ways that agree.

Owns the language (JSON and text), its reference meaning, and what is made of a definition. It keeps no facts about
members of its own: what they did is asked of `activity`, what they are of `people` and `tags`.
"""
