"""How often the methods are right, in worlds whose truth is known."""
