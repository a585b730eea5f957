"""From a graph of Values to a scene: the cards and the edges that a picture shows.

The files choose what is shown, fold what is too large, and compare two graphs. A scene is plain
data; how it is written in DOT is decided in `output`.
"""
