"""`python -m matchmaker.cli` is `matchmaker`."""

from matchmaker.cli import main

main()
