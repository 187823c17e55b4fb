"""The verifier of releases."""
