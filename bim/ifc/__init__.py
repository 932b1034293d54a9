"""Reads IFC files. Nothing here knows Django: it runs in a process of its own (`worker`), under limits (`process`)."""
