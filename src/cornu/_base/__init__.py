"""What needs the standard library only: errors, names, lookup by name, suggestions."""
