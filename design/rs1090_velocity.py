"""Why velocity is read from its bits and not taken from rs1090: two cases it reads wrongly.

python design/rs1090_velocity.py. A squitter of type 19 whose speeds are both 0 says "not available"; subtype
2 counts in steps of 4 kt. As of rs1090 0.7.0 the first comes out as 1.4 kt towards 225 degrees, the second
four times too slow.
"""

from __future__ import annotations

import rs1090

from skykeep.wire.squitter import read_squitter, with_parity

CASES = {
    "not available": 19 << 51 | 1 << 48,
    "subsonic, 100 kt east and north": 19 << 51 | 1 << 48 | 101 << 32 | 101 << 21,
    "supersonic, 400 kt east and north": 19 << 51 | 2 << 48 | 101 << 32 | 101 << 21,
}

for name, message in CASES.items():
    frame = with_parity(bytes([17 << 3 | 5]) + bytes.fromhex("400001") + message.to_bytes(7, "big"))
    theirs = rs1090.decode(frame.hex())
    ours = read_squitter(frame)
    print(
        f"{name:<36} rs1090 {theirs['groundspeed']:7.1f} kt {theirs['track']:5.1f} deg   "
        f"bits {ours.ground_speed_kt} kt {ours.course_deg} deg"
    )
