"""The blueprint of doubled records."""

from flask import Blueprint

bp = Blueprint("duplicates", __name__)
