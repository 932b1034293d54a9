"""Building models: IFC files in, elements, quantities, checks and issues out."""
