"""`python -m gcm.cli` is `gcm`."""

from gcm.cli import main

main()
