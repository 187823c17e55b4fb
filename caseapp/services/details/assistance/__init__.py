"""Verbs of social assistance: means sheets, applications and benefits, an urgent need. The station helps; the authority decides."""
