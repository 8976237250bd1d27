"""The kinds of files that articles come in, one module for each; `registry` lists them for command line and service."""
