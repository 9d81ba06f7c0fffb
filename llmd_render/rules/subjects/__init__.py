"""What rules ask about: each module knows one subject, and is shared by the rules about it."""
