"""Which local businesses there are: places from sources, normalised, merged, the unfit ones named with the reason."""
