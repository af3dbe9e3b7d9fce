"""What happens in a centre: definitions, instances, tasks and their deadlines."""
