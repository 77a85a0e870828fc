"""The words of the contract: frozen Structs that cross the border between core and connectors."""
