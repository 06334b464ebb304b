"""The pipeline: in what order things happen, and what it needs from the edge."""
