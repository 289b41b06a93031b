"""Who somebody is, by link, code, token or proxy, and who signs for whom."""
