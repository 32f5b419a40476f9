"""What a reader moves: one file a widget, all of them explorers."""
