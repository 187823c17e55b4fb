"""Reading means sheets, applications and benefits of a family; sums are reckoned here, never stored but on a frozen sheet."""
