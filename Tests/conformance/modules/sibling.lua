return "sibling", 2
