"""What a network or a training leaves for other programs: a step as ONNX, event files of TensorBoard."""
