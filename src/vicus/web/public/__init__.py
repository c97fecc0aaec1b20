"""The side that residents read: published snapshots and feedback, and nothing else."""
