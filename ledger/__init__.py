"""What has happened: the append-only record, webhook receipts and deliveries."""
