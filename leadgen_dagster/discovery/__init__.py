"""Which local businesses there are: places of many sources, normalised, merged, the unfit ones named."""
