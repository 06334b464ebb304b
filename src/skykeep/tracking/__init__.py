"""Gate, associate, filter, start, coast and end: scans in, a picture out."""
