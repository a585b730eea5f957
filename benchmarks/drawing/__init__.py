"""How long pictures of large graphs take, and how large they are."""
