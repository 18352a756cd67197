"""The front door of engagement: touches, campaigns, journeys and proof, a module each."""
