"""Compares what `measure.py` says of an extract with pycanon, which pins older numpy and pandas and so lives apart.

    .venv/bin/python -m devtools.oracle FOLDER [--write]

makes an environment of its own in FOLDER (outside the checkout; needs a package registry), has pycanon measure invented tables
and prints how many answers differ. `--write` keeps the small ones in tests/unit/statistics/oracle.json, which every run of the
tests compares without pycanon.
"""

import csv
import io
import json
import math
import random
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import Any

from caseapp.services.statistics.extract.measure import Limits, measure

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "tests/unit/statistics/oracle.json"
PINNED = ("numpy==2.0.2", "pandas==2.3.3", "pycanon==1.3.5")
ASK = """
import io, json, sys
import pandas as pd
from pycanon import anonymity
answers = []
for table in json.load(sys.stdin):
    data = pd.read_csv(io.StringIO(table["csv"]), dtype=str, keep_default_na=False)
    quasi, told = table["quasi"], {}
    for name in table["sensitive"]:
        told[name] = {
            "distinct": int(anonymity.l_diversity(data, quasi, [name])),
            "entropy": int(anonymity.entropy_l_diversity(data, quasi, [name])),
            "confidence": float(anonymity.alpha_k_anonymity(data, quasi, [name])[0]),
            "closeness": float(anonymity.t_closeness(data, quasi, [name])),
        }
    answers.append({"k": int(anonymity.k_anonymity(data, quasi)), "told": told})
json.dump(answers, sys.stdout)
"""
SMALL = (12, 30, 45, 60, 80, 100)
LARGE = (200, 500, 1000, 3000)


def invented(seed: int, rows: int) -> dict[str, Any]:
    """A table of nobody: few enough combinations for classes of every size, values that are rare here and there."""
    dice = random.Random(seed)  # noqa: S311 - invented rows from a seed
    wide = max(1, rows // 40)
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["row", "area", "age", "sex", "outcome", "risk"])
    for number in range(rows):
        age = dice.choice(("0-17", "18-59", "60-79", "80+"))
        outcomes = ("achieved", "moved", "other", "deceased")[: 3 + (age == "80+")]
        risk = dice.choices(("red", "orange", "green"), (1, 3, 6))[0]
        out.writerow([number, f"22{dice.randrange(wide):02d}", age, dice.choice(("m", "f")), dice.choice(outcomes), risk])
    quasi = [["sex"], ["age", "sex"], ["area", "age", "sex"]][seed % 3]
    return {"csv": text.getvalue(), "quasi": quasi, "sensitive": ["outcome", "risk"]}


def ours(table: dict[str, Any]) -> dict[str, Any]:
    """The same measures by our own code, each row somebody else."""
    limits = Limits(1, 1.0, 1, 1.0, 1.0, 1.0, 1)
    found = measure(table["csv"].encode(), table["quasi"], table["sensitive"], limits)
    told = {
        name: {
            "distinct": one.distinct,
            "entropy": one.entropy,
            "confidence": one.confidence,
            "closeness": one.closeness,
        }
        for name, one in found.told.items()
    }
    return {"k": found.k, "told": told}


def differ(mine: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Which measures are not the same."""
    found = ["k"] if mine["k"] != other["k"] else []
    for name, measures in other["told"].items():
        found += [f"{name} {code}" for code, value in measures.items() if not _same(code, mine["told"][name][code], value)]
    return found


def _same(code: str, mine: float, other: float) -> bool:
    """Of entropy l pycanon gives the whole part of e**H, which for two even values is 1.9999999999999998 and so 1, not 2."""
    if code == "entropy":
        return other in (math.floor(mine - 1e-9), math.floor(mine + 1e-9))
    return abs(mine - other) <= 1e-9


def main(arguments: list[str]) -> int:
    """Builds, asks, compares."""
    if not arguments or (ROOT in Path(arguments[0]).resolve().parents):
        print(__doc__)
        return 2
    folder = Path(arguments[0])
    python = folder / "bin/python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINNED], check=True)
    small = [invented(seed, SMALL[seed % len(SMALL)]) for seed in range(18)]
    tables = small + [invented(seed, LARGE[seed % len(LARGE)]) for seed in range(100, 140)]
    began = time.perf_counter()
    asked = subprocess.run([python, "-c", ASK], input=json.dumps(tables), capture_output=True, text=True, check=True)
    took, answers = time.perf_counter() - began, json.loads(asked.stdout)
    began = time.perf_counter()
    faults = [
        f"table {n}: {', '.join(d)}" for n, (t, a) in enumerate(zip(tables, answers, strict=True)) if (d := differ(ours(t), a))
    ]
    mine = time.perf_counter() - began
    print("\n".join(faults))
    rows = sum(table["csv"].count("\n") - 1 for table in tables)
    print(f"{len(tables)} tables, {rows} rows: {len(faults)} differ; pycanon {took:.1f} s, ours {mine:.2f} s")
    if "--write" in arguments:
        kept = {
            "what": f"invented tables and the answers of {', '.join(PINNED)}; made by devtools/oracle.py",
            "tables": [table | {"answer": answer} for table, answer in zip(small, answers, strict=False)],
        }
        KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
