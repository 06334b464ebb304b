"""RF direction finder: `bearing_deg sigma_deg power_dbm protocol` on each line of standard input.

your_receiver | python3 rf_direction_finder.py 127.0.0.1:8470 rf-1 TOKEN
"""

import http.client
import json
import sys
import time

address, sensor_id, token = sys.argv[1:]
headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
for sequence, line in enumerate(sys.stdin):
    bearing_deg, sigma_deg, power_dbm, protocol = line.split()
    signal = {"type": "video", "protocol": protocol, "power_dbm": float(power_dbm)}
    heard = {"kind": "bearing", "bearing_deg": float(bearing_deg), "bearing_sigma_deg": float(sigma_deg)}
    message = {"type": "detections", "sensor_id": sensor_id, "sequence": sequence}
    message |= {"time_utc": time.time_ns(), "detections": [heard | {"signal": signal}]}
    door = http.client.HTTPConnection(address, timeout=5)
    door.request("POST", f"/v1/sensors/{sensor_id}/messages", json.dumps(message), headers)
    answer = door.getresponse()
    if answer.status != 200:
        sys.exit(answer.read().decode())
