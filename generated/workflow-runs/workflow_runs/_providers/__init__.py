"""What is known about providers without their clients."""
