"""Pages of the library, one module each."""
