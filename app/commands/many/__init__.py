"""Commands that train many networks."""
