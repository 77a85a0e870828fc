"""What people look at: the check of a company, the rehearsal, the test order, evidence, why a price is what it is."""
