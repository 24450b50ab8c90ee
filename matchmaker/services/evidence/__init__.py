"""What an organisation can show those who pay for it: what came of being here, and with whom.

There are fixed tables for years. What happened in a quarter is counted once, and a report is made
once, so that two of them never differ by a single person. The reports of an organisation go through
`matchmaker.services.disclosure` together: none of them gives away what another hides. Nobody is
named.
"""
