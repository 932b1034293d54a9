"""BIM Collaboration Format 2.1 and 3.0: zip of XML, read and written. Nothing here knows Django."""
