"""What a lead sees of a team, and each member of it of themself."""
