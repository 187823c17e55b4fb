"""marshmallow: what comes in becomes a frozen command, what goes out is masked."""
