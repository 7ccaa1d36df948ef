"""A better demo site for a weak one: a brief of facts with origins, a theme, the files, their gates."""
