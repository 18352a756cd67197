"""The verbs: take files in, look at them, try them dry, run them, take them back."""
