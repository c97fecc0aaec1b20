"""Clear, Hold, Build: gates with their checklist and evidence, moves asked and decided, falling back."""
