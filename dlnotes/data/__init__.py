"""What the lessons learn from: real tables and pictures, and made ones with a seed."""
