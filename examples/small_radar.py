"""Small radar, NDJSON over TCP: `range_m bearing_deg elevation_deg range_rate_mps` lines, an empty line ends
a turn of the antenna.

    your_radar | python3 small_radar.py 127.0.0.1 8471 radar-1
"""

import json
import socket
import sys
import time

host, port, sensor_id = sys.argv[1:]
plots, sequence = [], 0
with socket.create_connection((host, int(port)), timeout=5) as link:
    for line in sys.stdin:
        if line.strip():
            range_m, bearing_deg, elevation_deg, range_rate_mps = map(float, line.split())
            plot = {
                "kind": "range_bearing",
                "range_m": range_m,
                "range_sigma_m": 5,
                "bearing_deg": bearing_deg,
            }
            plot |= {"bearing_sigma_deg": 1.0, "elevation_deg": elevation_deg, "elevation_sigma_deg": 1.5}
            plots.append(plot | {"range_rate_mps": range_rate_mps, "range_rate_sigma_mps": 0.5})
            continue
        message = {"type": "detections", "sensor_id": sensor_id, "sequence": sequence}
        message |= {"time_utc": time.time_ns(), "detections": plots}
        link.sendall(json.dumps(message).encode() + b"\n")
        plots, sequence = [], sequence + 1
