"""What is said to customers: materials and scripts, in versions, by personas, with links that tell who opened what."""
