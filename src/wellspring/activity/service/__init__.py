"""Activity's verbs: taking in, writing orders, importing and undoing, replaying, erasing."""
