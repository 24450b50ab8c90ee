"""What administrators look after: accounts, organisations, reports, mail and the audit trail.

They see that an account exists and its state. Messages, contact details of introductions and
registration numbers are not among what any of these functions reads.
"""
