"""Run every benchmark; `make bench` calls this."""

from bench import quality

quality.main()
