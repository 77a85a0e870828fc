"""Languages of the pages: catalogues, who reads which, and numbers and dates as that language writes them."""
