"""Level camera that looks to `look_deg`: `x,y x,y` in pixels for each frame, an empty line for nothing seen.

your_detector | python3 camera.py 127.0.0.1:8470 camera-1 TOKEN 215
"""

import http.client
import json
import math
import sys
import time

WIDTH, HEIGHT, FOCAL, SIGMA_DEG = 1920, 1080, 2400.0, 0.1  # pixels; the focal length from your calibration
address, sensor_id, token, look_deg = sys.argv[1:]
headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
for sequence, line in enumerate(sys.stdin):
    message = {"type": "detections", "sensor_id": sensor_id, "sequence": sequence}
    message |= {"time_utc": time.time_ns(), "detections": []}
    for x, y in (map(float, pair.split(",")) for pair in line.split()):
        right, up = (x - WIDTH / 2) / FOCAL, (HEIGHT / 2 - y) / FOCAL
        bearing_deg = (float(look_deg) + math.degrees(math.atan(right))) % 360
        elevation_deg = math.degrees(math.atan2(up, math.hypot(1, right)))
        seen = {"kind": "bearing", "bearing_deg": bearing_deg, "bearing_sigma_deg": SIGMA_DEG}
        message["detections"].append(
            seen | {"elevation_deg": elevation_deg, "elevation_sigma_deg": SIGMA_DEG}
        )
    door = http.client.HTTPConnection(address, timeout=5)
    door.request("POST", f"/v1/sensors/{sensor_id}/messages", json.dumps(message), headers)
    if (answer := door.getresponse()).status != 200:
        sys.exit(answer.read().decode())
