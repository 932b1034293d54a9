"""The final account on paper and as a workbook: cover, narrative, forms 01–08, in the layout of 财建〔2016〕503号."""
