"""Amazon as a sales channel of a Saleor shop."""
