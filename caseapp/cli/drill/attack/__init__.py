"""`caseapp drill attack`: requests by the hundred thousand through the whole app, on rows of an invented place with planted strangers.

Every role and a stranger, every route, anybody's ids. The database is SQLite's; it is put back every few thousand requests, because an
attacker with rights of their own destroys what is theirs. Ends with one line for BENCHMARKS.md and exit code 1 on any finding.
"""

import json
import logging
import os
import random
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from caseapp import config, create_app
from caseapp.cli.drill.attack.aims import API, Aims, Request
from caseapp.cli.drill.attack.judge import faults
from caseapp.cli.drill.attack.values import PLANTED
from caseapp.cli.drill.attack.world import ACCOUNTS, Attacker, World, make

RENEW = 4000  # requests between two fresh databases
TURN = 25  # requests of one attacker in a row
WEIGHTS = [3 if name in ("worker", "head", "supervisor", "township") else 1 for name in ACCOUNTS]  # who reads files can do most


@dataclass
class Outcome:
    """What came of it."""

    requests: int = 0
    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)  # routes that answered somebody with 200 or a redirect
    findings: list[dict[str, Any]] = field(default_factory=list)

    def line(self, world: World, routes: int, seed: int) -> str:
        """One line of figures."""
        shares = " ".join(f"{code}={count}" for code, count in sorted(self.statuses.items()))
        return (
            f"drill attack: {self.requests} requests (seed {seed}) by {len(ACCOUNTS)} roles on {routes} routes with {len(world.every_id)} ids, "
            f"{world.planted} rows of strangers: {len(self.findings)} findings; {shares}; {self.seconds:.0f} s"
        )


@click.command("attack")
@click.option("--requests", type=click.IntRange(100, 10_000_000), default=100_000, show_default=True)
@click.option("--clients", type=click.IntRange(300, 100_000), default=1200, show_default=True, help="People on file.")
@click.option(
    "--minutes", type=click.FloatRange(0.1), help="Stop after so long, whatever was asked for; the line says how many it were."
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Findings as JSON, each with the request that shows it."
)
def command(requests: int, clients: int, seed: int, minutes: float | None, report: Path | None) -> None:
    """Attack an invented place made for it; nothing of an installation is touched."""
    with tempfile.TemporaryDirectory(prefix="caseapp-attack-") as folder:
        settings = config.from_environment(
            {
                **os.environ,
                "CASEAPP_ENV": "demo",
                "CASEAPP_INSTANCE": folder,
                "CASEAPP_DATABASE_URL": f"sqlite:///{folder}/attacked.sqlite3",
            }
        )
        app = create_app(replace(settings, figures_url=""))
        world = make(app, clients, seed, lambda line: click.echo(line, err=True))
        logging.getLogger("caseapp").setLevel(logging.CRITICAL)
        outcome, routes = run(world, requests, seed, 60 * minutes if minutes else float("inf"))
    if report:
        report.write_text(json.dumps(outcome.findings, ensure_ascii=False, indent=1), encoding="utf-8")
    click.echo(outcome.line(world, routes, seed))
    if outcome.findings:
        raise SystemExit(1)


def run(world: World, requests: int, seed: int, most: float = float("inf")) -> tuple[Outcome, int]:
    """Sends them; (what came of it, how many pairs of route and method there are)."""
    dice, outcome = random.Random(seed), Outcome()
    aims = Aims(world.app, world.ids, dice)
    stream, start = aims.stream(), time.monotonic()
    attackers: dict[str, Attacker] = {}
    for number in range(0, requests, TURN):
        if time.monotonic() - start > most:
            break
        if number % RENEW == 0:
            world.renew()
            attackers.clear()
        name = dice.choices(ACCOUNTS, WEIGHTS)[0]
        attacker = attackers.get(name)
        if attacker is None:
            attacker = attackers[name] = Attacker(world, name)
        for _turn in range(min(TURN, requests - number)):
            _try(attacker, next(stream), dice, outcome)
        if number % 2_000 < TURN and number:
            click.echo(f"  {number} requests, {len(outcome.findings)} findings, {time.monotonic() - start:.0f} s", err=True)
    outcome.seconds = time.monotonic() - start
    return outcome, len(aims.rules)


def _try(attacker: Attacker, asked: Request, dice: random.Random, outcome: Outcome) -> None:
    answer = send(attacker, asked, with_token=dice.random() < 0.9)
    outcome.requests += 1
    outcome.statuses[answer.status_code] += 1
    outcome.kinds[asked.kind] += 1
    told = json.dumps(asdict(asked), default=repr)
    for fault in faults(answer, is_signed_in=bool(attacker.name), reflected=PLANTED in told):
        found = {"fault": fault, "role": attacker.name, **json.loads(told)}
        outcome.findings.append(found)
        click.echo(json.dumps(found, ensure_ascii=True)[:600], err=True)
    if answer.status_code == 302 and "/login" in answer.headers.get("Location", "") and attacker.name:
        attacker.sign_in()
    answer.close()


def send(attacker: Attacker, asked: Request, *, with_token: bool) -> Any:
    """A request as this attacker: by the API with the token, on a page with the cookie and, but for some, the form's own token."""
    headers = dict(asked.headers)
    is_call = asked.path.startswith(API)
    if is_call and attacker.name in attacker.world.tokens:
        headers.setdefault("Authorization", f"Bearer {attacker.world.tokens[attacker.name]}")
    given: dict[str, Any] = {"headers": headers, "query_string": asked.query or None}
    if asked.body is not None:
        given["data"] = asked.body
    elif asked.json is not None:
        given["json"] = asked.json
        if "Content-Type" in headers:
            given["content_type"] = headers.pop("Content-Type")
    elif asked.form is not None:
        given["data"] = {**asked.form, **({"csrf_token": attacker.csrf} if with_token and not is_call else {})}
    return attacker.client.open(asked.path, method=asked.method, **given)
