"""What is stored: tables, sealed words, and the turn that commits as a whole."""
