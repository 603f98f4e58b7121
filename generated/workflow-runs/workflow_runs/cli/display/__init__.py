"""What people see: lines, the live table, messages, and what a terminal can show."""
