"""The public directory: everybody's way to find a programme, narrow down and compare."""
