"""Remote ID receiver that decodes by itself, a line for each message it hears:
`serial latitude longitude height_hae_m speed_mps course_deg rssi_dbm`.

    your_receiver | python3 remote_id_receiver.py 127.0.0.1:8470 rid-1 TOKEN
"""

import http.client
import json
import sys
import time

address, sensor_id, token = sys.argv[1:]
headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
for sequence, line in enumerate(sys.stdin):
    serial, *numbers = line.split()
    latitude, longitude, height_m, speed_mps, course_deg, rssi_dbm = map(float, numbers)
    claim = {"claimed_id": serial, "latitude_deg": latitude, "longitude_deg": longitude}
    claim |= {"height_hae_m": height_m, "sigma_horizontal_m": 10, "sigma_vertical_m": 25}
    claim |= {"ground_speed_mps": speed_mps, "course_deg": course_deg, "rssi_dbm": rssi_dbm}
    message = {"type": "claims", "sensor_id": sensor_id, "sequence": sequence}
    message |= {"time_utc": time.time_ns(), "claims": [claim]}
    door = http.client.HTTPConnection(address, timeout=5)
    door.request("POST", f"/v1/sensors/{sensor_id}/messages", json.dumps(message), headers)
    if (answer := door.getresponse()).status != 200:
        sys.exit(answer.read().decode())
