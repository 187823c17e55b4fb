"""Reading what community governance keeps: surveys, projects, requests, meetings, partners."""
