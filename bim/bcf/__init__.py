"""BCF 2.1 and 3.0, the exchange of issues on building models: read (`reader`), written (`writer`), kept as plain values.

Nothing here knows of the database. Published form: buildingSMART BCF-XML.
"""
