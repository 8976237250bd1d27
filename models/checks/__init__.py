"""What can be told from texts alone: values, names and claims on one side that the other does not bear out."""
