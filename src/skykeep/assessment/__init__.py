"""Intent, time to breach, company, priority, and the grounds in sentences."""
