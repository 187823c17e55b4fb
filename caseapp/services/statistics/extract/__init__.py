"""Extracts of closed cases: weighed, made as a preparation, checked by a second person, handed out for a while.

`measure.py` knows nothing of how a file is made and reads its finished bytes; the import contracts keep it so.
"""
