"""The reading view of a document: cut into pieces, laid out where it is looked at, painted."""
