"""What the records say about a producer, fact by fact."""
