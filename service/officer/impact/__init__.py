"""A data-protection impact pack for one authority, made from its profile, the code and the settings.

What is held, why, where it goes, who sees it and for how long. Facts come from where they hold; the words beside them
stand in tables that tests keep complete: a field, a recipient, a role, a table or a setting without words fails.
"""
