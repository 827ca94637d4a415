"""What payroll shows in the portal."""
