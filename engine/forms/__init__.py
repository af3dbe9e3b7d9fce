"""Forms: what a task asks, how answers are checked, shown and exported."""
