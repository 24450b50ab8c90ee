"""Forms: what may be typed, and the sentence shown when it cannot be taken."""
