"""The blueprint of stations at a glance."""

from flask import Blueprint

bp = Blueprint("oversight", __name__, url_prefix="/oversight")
