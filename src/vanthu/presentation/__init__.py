"""Thể thức và kỹ thuật trình bày: documents printed from templates, and the check of their form (NĐ30 Phụ lục I).

Front door: `letters.render_letter`, `form_facts.form_facts_of`, `rules.form_check.findings`.
"""
