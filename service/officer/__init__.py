"""What an integration officer's tools know: profiles checked, previewed, compared, and as a spreadsheet.

Nothing here prints. `service.commands.adapter` shows it, in a terminal or as a page.
"""
