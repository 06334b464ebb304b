"""Acoustic array: `time_ns bearing_deg sigma_deg snr_db` lines, sent a hundred at a time as NDJSON.

your_array | python3 acoustic_array.py 127.0.0.1:8470 ears-1 TOKEN
"""

import http.client
import itertools
import json
import sys

address, sensor_id, token = sys.argv[1:]
headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
looks = enumerate(sys.stdin)
while batch := list(itertools.islice(looks, 100)):
    messages = []
    for sequence, line in batch:
        time_ns, *numbers = line.split()
        bearing_deg, sigma_deg, snr_db = map(float, numbers)
        heard = {
            "kind": "bearing",
            "bearing_deg": bearing_deg,
            "bearing_sigma_deg": sigma_deg,
            "snr_db": snr_db,
        }
        head = {"type": "detections", "sensor_id": sensor_id, "sequence": sequence}
        messages.append(json.dumps(head | {"time_utc": int(time_ns), "detections": [heard]}))
    door = http.client.HTTPConnection(address, timeout=5)
    door.request("POST", f"/v1/sensors/{sensor_id}/messages", "\n".join(messages), headers)
    if (answer := door.getresponse()).status != 200:
        sys.exit(answer.read().decode())
