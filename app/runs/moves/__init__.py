"""What makes a run another: a command, a report of its worker, the loss of it. Pure."""
