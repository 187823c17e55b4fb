"""Two records of one person at a station: compared side by side, joined, taken apart again."""
