"""What the accounts of these tests sign in with."""

PASSWORD = "correct-horse-battery"
