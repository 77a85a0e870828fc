"""What needs attention: of what people want to be told, how, and when."""
