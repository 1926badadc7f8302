"""The customer's site: screens in which people see, understand and pay. Decides nothing."""
