"""Teams as their leads run them: members, invites, assignments, and what is sent by e-mail."""
