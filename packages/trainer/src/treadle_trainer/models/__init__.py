"""Models and their trainers."""
