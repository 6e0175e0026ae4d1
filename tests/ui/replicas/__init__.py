"""Two replicas of the page behind nginx."""
