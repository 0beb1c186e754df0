"""A plug-in that cannot even be imported."""

raise ImportError("nothing here")
