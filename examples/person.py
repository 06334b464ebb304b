"""A guard with a terminal: what was noticed, and where the guard stands. A telephone opens /report instead.

python3 person.py 127.0.0.1:8470 guards TOKEN heard 44.5012 -28.0034 "Two bangs, then nothing."
"""

import http.client
import json
import sys
import time

address, sensor_id, token, what, latitude_deg, longitude_deg, text = sys.argv[1:]
report = {"type": "report", "sensor_id": sensor_id, "sequence": time.time_ns() // 1_000_000, "what": what}
report |= {"time_utc": time.time_ns(), "text": text, "sigma_m": 30}
report |= {"latitude_deg": float(latitude_deg), "longitude_deg": float(longitude_deg)}
door = http.client.HTTPConnection(address, timeout=5)
headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
door.request("POST", f"/v1/sensors/{sensor_id}/messages", json.dumps(report), headers)
if (answer := door.getresponse()).status != 200:
    sys.exit(answer.read().decode())
