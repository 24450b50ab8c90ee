"""What a lead reads of what happens: published figures as tables, charts and sentences.

Everything but `waiting` is made of frozen figures, and each of its sentences of what the table
beside it shows.
"""
