"""`python -m service` is `wise-bridge`."""

from service.cli import main

main(prog_name="wise-bridge")
