"""All analytical SQL of content: what members bought last, what was opened, what was bought after a message."""
