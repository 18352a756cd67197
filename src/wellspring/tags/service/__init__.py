"""What can be done with tags, one module per kind of act. History, set, audit and event are one transaction."""
