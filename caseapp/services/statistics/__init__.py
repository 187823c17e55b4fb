"""Refresh, protection, release and export of figures."""
