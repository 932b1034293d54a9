"""What the regulations say about an approval item: pure functions, dates and Decimal yuan in and out."""
