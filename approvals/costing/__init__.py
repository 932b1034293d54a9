"""The cost tree of an estimate: amounts as people write them, lines, subtotals, and the workbook they travel in."""
