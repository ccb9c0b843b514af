"""What runs on the device, in Triton's language; imported only where Triton is there."""
