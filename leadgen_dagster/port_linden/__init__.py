"""Port Linden, the fictional town of the demo: data only, one folder a row of its table."""
