"""`caseapp statistics noise`: stores the answers of an exploration of one released quarter."""

import click
from flask import current_app
from sqlalchemy import select

from caseapp.access.permissions import Permission
from caseapp.access.system import joined, system_session
from caseapp.cli.shared import acting, by_whom, done, in_app, said, why
from caseapp.cli.statistics.period import Period
from caseapp.core.periods import Quarter
from caseapp.extensions import db
from caseapp.models.statistics import StatRelease
from caseapp.services.statistics.noise.prepare import prepare
from caseapp.services.statistics.release import require_highest
from caseapp.services.trust import audit


@click.command("noise")
@click.option("--period", type=Period(), required=True, help="A released quarter, for example 2026Q3.")
@by_whom
@why
@in_app
def noise_command(period: Quarter, username: str, reason: str) -> None:
    """Store changed numbers that bureaus may explore beside a release, where the deployment has switched that on."""
    if not current_app.config["SETTINGS"].exploration:
        raise click.ClickException("Exploration is switched off: set CASEAPP_EXPLORATION to how many questions a user may ask.")
    actor = acting(username, Permission.RELEASE_MAKE, "statistics noise")
    with system_session(f"statistics noise {period}") as session:
        said(require_highest, session, actor)
        query = select(StatRelease).where(StatRelease.period == str(period)).order_by(StatRelease.number.desc())
        release = session.scalars(query).first()
        if release is None:
            raise click.ClickException(f"{period} is not released.")
        session.expunge(release)
    with joined("the noisy answers of a release") as session:
        stored = said(prepare, session, release)
    audit.record(db.session, "statistics.noise_stored", reason=f"{period}: {reason}")
    done()
    click.echo(f"{period}: {stored} answers stored")
