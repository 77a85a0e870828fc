"""What people look at: the check of a company, its alarms and its health, the rehearsal, the test order, evidence, why a price is what it is."""
