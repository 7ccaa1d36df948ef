"""How good a business's website is: pages collected, contacts read off them, faults found with evidence, a lead class."""
