"""Verbs on referrals: writing and sending, answering, what follows; the register of outside bodies."""
