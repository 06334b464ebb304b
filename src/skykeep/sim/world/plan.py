"""The plan of the city, as its surveyors drew it: metres east and north of the origin.

The seed grows the coast's detail, the hills, the lanes, the houses and their people over this plan; the plan
itself stays, so that every seed has its harbour, its Residence on the rock and its airport where a scenario
expects them.
The place: 38.5 N 40.0 W, high seas in the middle of the Atlantic, beyond every state's economic zone, with
thousands of metres of water and no land within 700 km.
Names are made up in one made-up tongue: orral old, une town, eth hill, olt gate, ane field, isk stream,
arro rock, mar sea, tham harbour, sel salt, quil lantern. What a street or a building is, plain English says.
"""

from __future__ import annotations

from skykeep.geo.frames import LocalFrame
from skykeep.sim.world.fields import XY

ORIGIN = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)
CITY_NAME = "Vessamar"

# The island, anticlockwise from the head of the harbour.
COAST: tuple[XY, ...] = (
    (300, -950), (900, -1100), (1150, -1700), (1250, -2500), (1700, -3200), (2400, -3900), (3500, -3500),
    (4600, -3150), (6000, -3100), (7400, -2600), (8600, -1300), (8900, 500), (8500, 2600), (9000, 4300),
    (8300, 6200), (6800, 7300), (5000, 8500), (2800, 8700), (800, 9100), (-1400, 8500), (-3300, 8700),
    (-5200, 7800), (-6600, 6500), (-7300, 4700), (-8500, 3300), (-8800, 1300), (-8200, -500), (-7300, -1700),
    (-6300, -2900), (-5000, -3300), (-4100, -4300), (-3150, -4500), (-2700, -3600), (-2600, -2700),
    (-2300, -2150), (-1750, -2050), (-1250, -1950), (-1120, -1600), (-1350, -1330), (-1700, -1200),
    (-1500, -950), (-900, -800), (-300, -880),
)  # fmt: skip
ISLETS: tuple[tuple[float, float, float], ...] = (
    (-4700, -5050, 230), (-4350, -5350, 120), (3300, -4700, 150), (-7900, -2700, 260), (-9300, 4300, 330),
)  # fmt: skip

# Quays and reclaimed land: straight edges, because people made them.
RECLAIMED: tuple[tuple[XY, ...], ...] = (
    (
        (480, -700), (500, -1190), (760, -1200), (765, -1420), (330, -1450), (335, -1545), (770, -1560),
        (780, -1720), (350, -1750), (355, -1845), (790, -1850), (800, -2060), (480, -2085), (510, -2640),
        (1330, -2740), (1700, -2500), (1500, -1500), (1200, -800),
    ),
    ((-1400, -700), (-1330, -985), (-960, -935), (-300, -985), (215, -1010), (215, -600)),
)  # fmt: skip
BREAKWATERS: tuple[tuple[XY, ...], ...] = (
    ((-2650, -2900), (-2150, -3060), (-1650, -3330), (-1420, -3360)),
    ((1350, -2700), (900, -3120), (150, -3330), (-760, -3390)),
    ((-1180, -930), (-1150, -1130), (-760, -1180)),
)

# Hills: east, north, height, half-widths east and north.
HILLS: tuple[tuple[float, float, float, float, float], ...] = (
    (-4900, 1000, 255, 1100, 1500), (-6600, 2600, 330, 1300, 1500), (-3700, 5400, 380, 1500, 1500),
    (900, 7000, 470, 1900, 1400), (5600, 5000, 350, 1700, 1500), (3500, 2700, 105, 620, 560),
    (-3700, -3300, 135, 700, 700), (2450, -3350, 52, 420, 420), (-2000, 850, 58, 480, 420),
    (7300, 2600, 120, 900, 1200), (-5600, 6200, 220, 1100, 1000),
)  # fmt: skip
ROCK = (-1470.0, -1640.0, 64.0)

RIVER: tuple[XY, ...] = (
    (2900, 6500), (3050, 5700), (2750, 5000), (2150, 4300), (2150, 3500), (1350, 2800), (1380, 1900), (760,
    1150),
    (850, 350), (400, -250), (350, -750), (345, -1100),
)  # fmt: skip
TRIBUTARY: tuple[XY, ...] = ((-1300, 5600), (-900, 4700), (250, 4100), (900, 3300), (1250, 2750))
RESERVOIR = (2880.0, 5450.0, 330.0)

AIRPORT_CENTRE: XY = (5150, -1600)
RUNWAY_LENGTH_M, RUNWAY_WIDTH_M, RUNWAY_BEARING_DEG = 2300.0, 45.0, 78.0
RESIDENCE: XY = (-1470, -1640)
PARADE_SQUARE: XY = (-620, 1230)
AVENUE_BEARING_DEG = 26.1
STADIUM: XY = (1950, 1850)

# Main roads: class, name, closed?, points.
ROADS: tuple[tuple[str, str, bool, tuple[XY, ...]], ...] = (
    ("motorway", "Island Motorway", False, (
        (-8050, -300), (-6300, -1750), (-4700, -1700), (-3650, -500), (-3350, 1000), (-2900, 2700), (-1400,
        3500),
        (400, 3450), (1700, 2950), (2600, 2050), (3150, 900), (3350, -400), (2950, -1500), (2150, -2200))),
    ("motorway", "Airport Motorway", False, (
        (3380, 0), (4000, -500), (5200, -650), (6800, -300), (8350, 700))),
    ("primary", "Rampart Boulevard", False, (
        (-1845, -1180), (-1960, -500), (-1750, 150), (-1200, 560), (-500, 620), (100, 420), (180, -200),
        (120, -820))),
    ("primary", "Founders Avenue", False, ((-1880, -1280), (-1080, 360), (-690, 1150))),
    ("primary", "Northern Avenue", False, ((-560, 1320), (-420, 2200), (-250, 3450), (-350, 4700), (-1250,
    6100), (-1750, 7200), (-1300, 8050))),
    ("primary", "Oestolt Road", False, (
        (-1960, -500), (-2900, -750), (-3700, -1150), (-4700, -1700))),
    ("primary", "Observatory Road", False, (
        (-1750, 150), (-2250, 1450), (-2450, 2450), (-2250, 3300), (-2700, 4500), (-2300, 6500), (-2500,
        8300))),
    ("primary", "Vennolt Road", False, (
        (100, 420), (900, 640), (1700, 1000), (3100, 1050), (4500, 1500), (5900, 1750), (8350, 2000))),
    ("primary", "Harbour Road", False, (
        (170, -380), (900, -420), (2100, -450), (3340, -250))),
    ("secondary", "Customs Road", False, ((430, -800), (980, -830))),
    ("secondary", "Middle Ring", False, (
        (-2750, -1500), (-2750, -700), (-2800, 350), (-2250, 1450), (-1400, 2150), (-380, 2350), (700, 2250),
        (1500, 2330), (2300, 1600), (2250, 500), (2100, -450), (1900, -1400), (1950, -2150))),
    ("secondary", "Quay Street", False, (
        (-1890, -1040), (-1500, -870), (-900, -850), (120, -890))),
    ("secondary", "Dock Road", False, (
        (900, -420), (1020, -1100), (1150, -1800), (1250, -2450), (2150, -2200))),
    ("secondary", "Cliff Road", False, (
        (-1880, -1280), (-2450, -1500), (-2850, -2200), (-2950, -3000), (-3700, -2700), (-4500, -2650),
        (-5700, -2500),
        (-6300, -1750))),
    ("secondary", "Southern Road", False, (
        (2150, -2200), (2900, -2750), (3700, -2850), (5200, -2700), (7000, -2250), (8250, -1000), (8350,
        700))),
    ("secondary", "Cross Street", False, ((-1750, 150), (-900, -20), (180, -100))),
    ("secondary", "Assembly Street", False, ((-2250, 1450), (-1300, 1350), (-500, 1450), (250, 1350), (760,
    1500))),
    ("secondary", "Meadow Road", False, ((760, 1500), (1450, 1450), (2300, 1600))),
    ("secondary", "North Circular", False, (
        (-2700, 4500), (-1500, 4700), (-350, 4700), (1100, 4250), (2100, 3700), (3100, 2900), (4300, 2500),
        (4500, 1500))),
    ("secondary", "Valley Road", False, ((2100, 3700), (1900, 4400), (2450, 5200), (2400, 6300), (3200,
    7300), (3600, 8200))),
    ("secondary", "Western Shore Road", False, ((-8050, -300), (-8350, 1300), (-8000, 3200), (-6850, 4800),
    (-6100, 6400), (-4900, 7400), (-2500, 8250))),
    ("secondary", "Northern Shore Road", False, ((-2500, 8250), (-1300, 8050), (800, 8550), (3600, 8200),
    (5000, 8000), (6700, 6800))),
    ("secondary", "Eastern Shore Road", False, ((6700, 6800), (7800, 5900), (8450, 4300), (8000, 2900),
    (8350, 2000), (8350, 700))),
    ("rail", "Harbour Line", False, (
        (1500, -2300), (1600, -1400), (1580, -450), (1620, 300), (1950, 900), (2700, 1500), (2950, 2300),
        (2500, 3300),
        (1750, 4300), (2250, 5200), (2150, 6200), (2500, 7200), (3300, 8350))),
    ("rail", "Airport Line", False, ((1600, -1400), (2300, -1050), (3200, -900), (4100, -930), (4700,
    -1080), (5060, -1165))),
)  # fmt: skip

# The built-up area, and what each part of it is: kind, name, east, north, street grid's bearing (None: along
# its edge).
URBAN: tuple[XY, ...] = (
    (-2600, -2900), (-4300, -2500), (-5200, -2150), (-4950, -1300), (-4150, -650), (-3850, 700), (-3650,
    1900), (-3350, 3200),
    (-2300, 3950), (-900, 4350), (500, 4100), (1800, 3800), (2900, 3050), (4000, 2350), (5100, 2000),
    (5350, 1100),
    (4300, 300), (3600, -300), (3400, -1300), (3250, -2500), (2700, -3300), (1500, -3400), (0, -2500),
    (-1500, -2500),
)  # fmt: skip
DISTRICTS: tuple[tuple[str, str, float, float, float | None], ...] = (
    ("old_town", "Orralune", -900, -350, 14.0), ("old_town", "Oltane", -1400, 100, 30.0),
    ("old_town", "Quessel", -300, 150, 4.0),
    ("centre", "Assenolt", -900, 900, 26.1), ("centre", "Fondaune", -250, 1000, 12.0),
    ("centre", "Thamarro", -2250, -850, None), ("centre", "Mareldolt", 1250, 100, 8.0),
    ("residential", "Quileth", -2300, 450, None), ("residential", "Astreleth", -1500, 1700, 26.1),
    ("residential", "Norrumar", -900, 2800, None), ("residential", "Lummisk", 500, 2800, None),
    ("residential", "Vennolt", 1900, 650, 16.0), ("residential", "Kelvane", 1400, 1900, None),
    ("residential", "Seldrune", 2700, 300, None), ("residential", "Oestolt", -3100, -300, None),
    ("suburb", "Gullemar", -3300, -1800, None), ("suburb", "Thornisk", -4600, -2000, None),
    ("suburb", "Haltelane", -3000, 2200, None), ("suburb", "Larreth", -1900, 3500, None),
    ("suburb", "Ommereth", -300, 4000, None), ("suburb", "Dammisk", 1500, 3500, None),
    ("suburb", "Pommeleth", 3500, 2000, None), ("suburb", "Seldane", 4500, 1200, None),
    ("industrial", "Ferrune", 2600, -1000, None), ("industrial", "Luxane", 1500, -900, None),
    ("suburb", "Eskelarro", 2650, -2750, None), ("port", "Container Docks", 1000, -2300, 2.0),
    ("port", "Fish Docks", 900, -1500, 2.0),
)  # fmt: skip
VILLAGES: tuple[tuple[str, float, float, float], ...] = (
    ("Skerrolt", -7500, 2300, 420), ("Dunmarleth", -5300, 7100, 450), ("Overlisk", 3600, 7900, 480),
    ("Pelloune", 7900, 3600, 430),
    ("Marrovane", 7600, -1250, 400), ("Quilletane", -2200, 6700, 330),
)  # fmt: skip
# Parks: kind, name, east, north, half-widths.
PARKS: tuple[tuple[str, str, float, float, float, float], ...] = (
    ("park", "Residence Gardens", -2120, -1700, 250, 230), ("park", "Observatory Park", -2000, 850, 300, 240),
    ("park", "Dammisk Meadows", 1080, 1350, 110, 330), ("cemetery", "Hillside Cemetery", -2950, 1550, 190,
    150),
    ("park", "Botanical Garden", 120, 1900, 190, 150), ("park", "Cistern Park", -330, -380, 90, 75),
    ("park", "Seldrune Park", 2650, 1150, 230, 150), ("park", "Norrumar Common", -1250, 2900, 230, 150),
    ("grass", "Signal Head", 2500, -3350, 380, 300), ("park", "Gullemar Park", -3400, -1350, 170, 130),
)  # fmt: skip
