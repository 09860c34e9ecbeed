"""Forms made from the shapes: what people type becomes statements, and statements what they may change."""
