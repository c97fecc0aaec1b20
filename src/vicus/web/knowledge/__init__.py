"""What is known to work: cards on measures, lessons and patterns, found again where they are of use."""
