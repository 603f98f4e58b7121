"""Two versions of an API, compared in four layers: what each difference means for callers."""
