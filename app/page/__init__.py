"""The files of the page, for the server and for one file that needs none: templates, styles, modules, plotly.js."""
