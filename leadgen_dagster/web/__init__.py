"""Pages served over HTTP: published demo sites and their take-down for everybody, all demos for the agency alone."""
