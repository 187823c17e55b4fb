"""Handing over inside a station: offered and accepted, ordered by the head, and everything of somebody who leaves."""
