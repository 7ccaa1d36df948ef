"""Pages served over HTTP: for now the rendered demo sites, for the agency's own eyes."""
