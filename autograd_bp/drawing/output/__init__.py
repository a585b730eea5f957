"""From a scene to a file: DOT, Mermaid, HTML pages, and pictures by way of Graphviz.

This room decides about fonts, colours and the escaping of text. A new format is written here, as a
function of the scene, and gets its line in `FORMATS` (drawing/drawing.py).
"""
