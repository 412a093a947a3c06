"""Measures of the product beside its peers; `./dev bench NAME` runs one."""
