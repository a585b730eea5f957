"""How much of a graph a picture of a given size can show, and where its lines break.

`fit` tries one view after the other, from all cards to few, until the picture has the size; it
knows sizes only by estimate (`sizes`), so that the text of a picture needs no layout program.
`lines` wraps a picture that is too wide, `tags` puts a small card where an arrow would be long.
"""
