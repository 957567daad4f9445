"""Plain Python shared by all rules: no Django, no clock, no input or output."""
