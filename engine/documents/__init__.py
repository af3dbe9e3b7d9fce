"""Documents: filled forms and whole cases as PDF that an office can sign and a screen reader can read."""
