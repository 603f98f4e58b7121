"""The normalization layer: mappings from providers' answers to the unified model, checked at generation time."""
