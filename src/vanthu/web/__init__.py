"""The screens: one folder per area, no domain. Each view translates, calls one operation, translates back."""
