"""aswiki: a git-backed Markdown wiki of every customer, kept by after-sales engineers."""

__version__ = "0.1.0"
