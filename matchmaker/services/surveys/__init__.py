"""Surveys in waves: writing one, asking, answering, and what may be shown of the answers."""
