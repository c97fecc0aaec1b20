"""The zone for those who decide: what waits for whom, what differs from expectation, what moves where."""
