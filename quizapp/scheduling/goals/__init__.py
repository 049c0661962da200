"""Learning to a date: who is to know what by when, how the days lead there, who will be ready."""
