"""The passes for a CUDA device: one launch walks all steps of a tile of the batch, forward, and one back."""
