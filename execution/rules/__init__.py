"""Pure rules: Decimal and dates in, values and problems out."""
