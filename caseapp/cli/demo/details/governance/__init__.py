"""Community governance in the demo."""
