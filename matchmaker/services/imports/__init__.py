"""Loading public records into the tables; each import can be run again and again."""
