"""Figures for leads: counted once a month, protected, frozen, and only then read.

`catalogue` says which tables there are, `counting` counts a month, `releases` protects and
publishes it, `figures` reads what was published. `periods` and `scope` say of when and for whom.
"""
