"""The front door of acquisition: codes, welcomes and reports in one module, printed cards and codes on packages in another."""
