"""Records in and out: the files in which people and facts are exchanged.

An app declares its tables (``tables.RecordTable``) and registers them; ``load`` takes files in, ``dump`` writes them. Every
step is a few statements over a whole file.
"""
