"""What people and programs did, for whoever looks it up."""
