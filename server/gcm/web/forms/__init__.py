"""Forms made from the shapes: what people type becomes statements, and statements become what they may change."""
