"""What a journey is and how subjects walk through it; decided over sets, without a look at any store."""
