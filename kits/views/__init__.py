"""Pages and acts of kits."""
