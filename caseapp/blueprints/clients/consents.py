"""Consent of a person, the texts to print, and what the person did not want to give."""

from functools import reduce
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for

from caseapp import reference
from caseapp.access.permissions import Permission
from caseapp.blueprints.http.filters import tag
from caseapp.blueprints.http.guard import requires
from caseapp.blueprints.http.pages import attempt, page
from caseapp.blueprints.http.people import say_asked_across
from caseapp.blueprints.http.visitor import the_actor
from caseapp.core import clock
from caseapp.core.text import _
from caseapp.extensions import db
from caseapp.forms.casework.consent import ConsentForm, RefusedForm, WithdrawForm
from caseapp.models.casework import Client
from caseapp.queries.casework import clients
from caseapp.queries.casework import consents as queries
from caseapp.queries.organisation import places
from caseapp.services.casework import consents as service
from caseapp.services.trust import audit

TEXTS = ("privacy_notice", "consent", "consent_minor", "children_rules")
SIGNED = ("consent", "consent_minor")  # with a box for each thing that is agreed to by itself


def register(bp: Blueprint) -> None:
    """Hangs the pages under `/clients/<client_id>/consents`."""

    @bp.get("/clients/<uuid:client_id>/consents")
    @requires(Permission.CLIENT_READ)
    def consents(client_id: UUID) -> Any:
        """Every ground recorded, and the texts to print."""
        client = clients.opened(client_id, the_actor())
        audit.opened(db.session, client, "client.consents")
        refused = RefusedForm(formdata=None)
        refused.offer()
        refused.items.data = queries.refused(client.id)
        return page(
            "clients/consents.html",
            client=client,
            rows=queries.of_client(client.id),
            refused=refused,
            texts=TEXTS,
            scopes_known=reference.codes("consent_scope").codes(),
        )

    @bp.route("/clients/<uuid:client_id>/consents/new", methods=["GET", "POST"])
    @requires(Permission.CLIENT_WRITE)
    def new_consent(client_id: UUID) -> Any:
        """What was signed."""
        client = clients.opened(client_id, the_actor(), Permission.CLIENT_WRITE)
        form = ConsentForm()
        form.offer(minor=client.klass == "minor")
        if not form.is_submitted():
            form.signed_on.data = clock.today().isoformat()
            if client.klass == "minor":
                form.signer.data = "guardian"
        elif form.validate() and (row := attempt(form, service.record, form.command, client, the_actor())):
            flash(_("Consent recorded."), "ok")
            say_asked_across(row)
            return redirect(url_for(".show", client_id=client.id))
        return page("clients/new_consent.html", form=form, client=client)

    @bp.route("/clients/<uuid:client_id>/consents/<uuid:consent_id>/withdraw", methods=["GET", "POST"])
    @requires(Permission.CLIENT_WRITE)
    def withdraw_consent(client_id: UUID, consent_id: UUID) -> Any:
        """Consent taken back."""
        client = clients.opened(client_id, the_actor(), Permission.CLIENT_WRITE)
        row = queries.one(consent_id, client.id)
        form = WithdrawForm()
        if not form.is_submitted():
            form.version.data, form.withdrawn_on.data = row.version, clock.today().isoformat()
        elif form.validate() and attempt(form, service.withdraw, form.command, row, client, the_actor()):
            flash(_("Saved."), "ok")
            return redirect(url_for(".consents", client_id=client.id))
        return page("clients/withdraw.html", form=form, client=client, row=row)

    @bp.post("/clients/<uuid:client_id>/refused")
    @requires(Permission.CLIENT_WRITE)
    def refused_items(client_id: UUID) -> Any:
        """What the person did not want to give, as it stands now."""
        client = clients.opened(client_id, the_actor(), Permission.CLIENT_WRITE)
        form = RefusedForm()
        form.offer()
        if form.validate_on_submit():
            service.refuse(form.command, client, the_actor())
            flash(_("Saved."), "ok")
        return redirect(url_for(".consents", client_id=client.id))

    @bp.get("/clients/<uuid:client_id>/notice")
    @requires(Permission.CLIENT_READ)
    def notice(client_id: UUID) -> Any:
        """Privacy notice, consent or children's rules on paper, in the language asked for, with lines to sign."""
        client = clients.opened(client_id, the_actor())
        kind = request.args.get("text", "")
        if kind not in TEXTS:
            kind = "consent_minor" if client.klass == "minor" else "consent"
        asked = request.args.get("language", "")
        language = asked if asked in ("zh", "en") else tag()
        audit.opened(db.session, client, "client.notice_printed")
        known = _placeholders(client)
        scopes = reference.codes("consent_scope")
        ticks = [text for code, text in scopes.choices(language) if kind == "consent_minor" or code != "minor_data"]
        return page(
            "clients/notice.html",
            client=client,
            kind=kind,
            text=reference.text(kind, language=language),
            fill=lambda words: reduce(lambda done, pair: done.replace(*pair), known.items(), words),
            agreed=scopes.title.label(language),
            scopes=ticks if kind in SIGNED else [],
        )


def _placeholders(client: Client) -> dict[str, str]:
    """Names for the places left open in a text; what nobody stored is a line to write on."""
    station, bureau, contractor = places.around(client.station_id)
    line = "________"
    return {
        "{station}": station,
        "{bureau}": bureau or line,
        "{contractor}": contractor or line,
        "{phone}": line,
        "{address}": line,
    }
