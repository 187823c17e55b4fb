"""Verbs on persons on file: register, edit, documents, contacts, tags, enrolments, who may open a file."""
