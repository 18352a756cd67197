"""Pure decisions of content: which variables there are, what a draft must hold, links and their tokens, Markdown."""
