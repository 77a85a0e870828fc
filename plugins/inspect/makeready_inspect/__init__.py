"""What people look at: the check of a company, its alarms and health, the rehearsal, the test order, evidence, prices."""
