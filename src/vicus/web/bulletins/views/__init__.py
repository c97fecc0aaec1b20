"""Pages of bulletins and of what residents wrote."""
