"""What the `openai` backend is made of: the connection, what is asked, and what comes back."""
