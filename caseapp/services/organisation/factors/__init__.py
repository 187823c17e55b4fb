"""The second factor: proving it (`prove`), one's own (`own`), which roles need it (`demand`), taking a lost one away (`reset`)."""
