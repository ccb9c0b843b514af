"""Routes that tell what one may start from: presets, tasks, data sets; a text that is sent becomes one of them."""
