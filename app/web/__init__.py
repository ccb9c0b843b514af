"""HTTP and sockets: the addresses, who may use them, and how a problem is told."""
