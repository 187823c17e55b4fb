"""The only readers: rows, Pages and Tables; they never write."""
