"""The blueprint of people on file."""

from flask import Blueprint

bp = Blueprint("clients", __name__)
