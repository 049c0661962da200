"""A team to look at: eight made-up people with twelve weeks behind them. Not for real databases."""
