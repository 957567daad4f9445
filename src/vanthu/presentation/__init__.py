"""Thể thức và kỹ thuật trình bày: documents documents from templates, the check of their form.

Front door: `letters.render_letter`, `mailing.render_mailing`, `form_facts.form_facts_of`, `rules.form_check.findings`.
"""
