"""From a scene to a file: DOT, Mermaid, HTML pages, and pictures by way of Graphviz.

Fonts, colours and the escaping of text are decided here. A new picture format
belongs here.
"""
