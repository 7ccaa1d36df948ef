"""How good a website is: pages collected, contacts read off them, faults found with evidence, a lead class."""
