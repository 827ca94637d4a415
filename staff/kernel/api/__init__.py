"""What the doors for programs share: who asks, what is refused and how, lists, batches, and answers that are given once."""
