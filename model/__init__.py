"""The science of Sparse Attentive Backtracking: layer, tasks, training, credit. Knows no web."""

if __name__ == "model":  # from the top of a clone
    raise ImportError("this folder is the package sab_visualiser.model: import that name, or sab_visualiser itself")
