"""Makes the adapter of the embedded model. The product imports nothing from here."""
