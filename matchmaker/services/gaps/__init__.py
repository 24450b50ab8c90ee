"""Where more is looked for than offered: demand, supply, and what was asked for and not met.

`table` sets them side by side for one area, `tile_map` for one group of conditions across areas,
`reach` says what is near and what only online, and `closing` which programmes could close a gap.
"""
