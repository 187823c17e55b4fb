"""What is late, risky or missing at the stations of a grant: the points looked at, their counts, the rows behind each."""
