"""What is counted about a customer: definitions, values by day, their course as small charts and sentences."""
