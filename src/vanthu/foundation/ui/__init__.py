"""The components of the screens: their templates, keys, sample rows and gallery."""
