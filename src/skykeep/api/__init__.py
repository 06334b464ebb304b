"""HTTP and one WebSocket: shows the console what is known, takes commands back, trusts nothing it is sent."""
