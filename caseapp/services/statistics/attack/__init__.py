"""The attack: what somebody can learn who has every release in hand. Written apart from what protects, and sharing nothing with it."""
