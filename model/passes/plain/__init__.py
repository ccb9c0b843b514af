"""The passes in torch operations: readable first, on any device and in any dtype."""
