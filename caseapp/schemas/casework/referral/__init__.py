"""Input and output of referrals: writing one, sending and answering, outside bodies."""
