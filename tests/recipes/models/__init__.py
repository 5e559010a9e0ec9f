"""Models of CI systems: each runs a recipe's jobs as its system would, and knows which files that system takes."""
