"""`python -m vanthu.cli`: how `vanthu serve` starts its companions, wherever the launcher stands."""

from vanthu.cli import main

main(prog_name="vanthu")
