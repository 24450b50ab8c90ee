"""Run every benchmark and write the page about them; `make bench` calls this.

python -m bench [SIZE ...]
"""

import sys

from bench import national_year, quality, report, speed

sizes = [int(argument) for argument in sys.argv[1:]] or speed.SIZES
if not quality.run(quality.collections()):
    print(f"No collections in {quality.collections()}: quality is not measured; see bench.quality.")
speed.run(sizes)
national_year.run()
report.main()
