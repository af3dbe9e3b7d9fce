"""What is seen: pages for people and the API for programs, built on the engine."""
