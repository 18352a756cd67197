"""One function per verb of acquisition."""
