"""What people look at before and after: the check of a company, the rehearsal, the test order, the evidence of an order."""
