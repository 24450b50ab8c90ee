"""The rules, told once. Services take the actor and the time, flush, and never commit."""
