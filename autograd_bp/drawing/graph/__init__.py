"""From a graph of Values to a scene: the cards and the edges that a picture shows.

`build` makes the scene and `compare` that of two graphs; the other files choose what is shown and
fold what is too large. A scene is plain data (`scene`). Nothing here knows a format, a colour or a
layout: those belong to `output`, which this room does not import.
"""
