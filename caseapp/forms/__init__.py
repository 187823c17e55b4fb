"""WTForms shells over schemas: labels and widgets; validity is the schema's."""
