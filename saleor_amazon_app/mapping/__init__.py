"""The decisions: pure, values in, values out."""
