"""Forward and backward over a batch, and the records that one leaves for the other."""
