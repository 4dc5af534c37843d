"""One module per kind of record that can be imported."""
