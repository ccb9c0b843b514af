"""Who trains the trials: a server that is reached, one of our own, a cluster that lends machines."""
