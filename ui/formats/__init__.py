"""How dates are typed and read in each language (`FORMAT_MODULE_PATH`)."""
