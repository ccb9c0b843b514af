"""The science of Sparse Attentive Backtracking: layer, tasks, training, credit. Knows no web."""
