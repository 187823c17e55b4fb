"""Words without I/O: values and pure rules that every other room may use."""
