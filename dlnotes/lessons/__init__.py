"""What a lesson asks, how it judges an answer, and how far the reader has come."""
