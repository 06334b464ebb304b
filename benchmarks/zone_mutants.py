"""Engines that are wrong in one way each, and how many answers of the golden tables catch them.

`python3 x.py bench zone_mutants`. Needs PostgreSQL with PostGIS; the table of real zones needs the
recordings beside the checkout. Budget: no answer of ours wrong, every mutant caught by the made zones, at
least 12 by the real ones.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from golden_tables import DATA, made_golden, real_golden, table
from postgres import cluster, is_there

FEWEST_BY_REAL = 12


def main() -> int:
    """Print both tables; return 1 when an answer is wrong or too few mutants are caught."""
    if not is_there():
        print("not run: no PostgreSQL with PostGIS. Debian: `apt-get install postgresql-postgis`")
        return 2
    with cluster() as server:
        made = made_golden(server)
        caught = made.caught()
        print(table(made, "Made zones", caught))
        good = not made.wrong() and all(caught.values())
        if DATA.is_dir():
            real = real_golden(server)
            caught = real.caught()
            print(table(real, "Real zones", caught))
            good &= not real.wrong() and sum(map(bool, caught.values())) >= FEWEST_BY_REAL
    print(f"budget: {'kept' if good else 'BROKEN'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
