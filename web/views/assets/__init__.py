"""Final account, assets, handover, titles, archive: the pages of a project that is finished."""
