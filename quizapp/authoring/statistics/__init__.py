"""How learners fare with each question, counted and shown to editors."""
