"""Pages of the plan and of yearly evaluations."""
