"""What each kind of airspace means for a drone: one table for all aeronautical formats.

Aeronautical publications say what an area is, not what a drone may do in it. Our reading:

* Prohibited areas are PROHIBITED.
* Restricted, reserved and segregated areas, flight restrictions, and rings round aerodromes, prisons and the
  like are REQ_AUTHORISATION: their sponsor can let somebody in. So are danger areas: what is in them can
  kill, and only the sponsor knows when it is not there.
* Control zones, traffic zones of aerodromes and controlled airspace of classes A to D: REQ_AUTHORISATION, for
  nobody flies there without a clearance.
* Class E and F, mandatory radio or transponder, warning, alert and sport areas, glider sites, drop zones,
  laser and radio-hazard sites: CONDITIONAL, one may be there by a rule or with care.
* Class G, and regions that hold whole countries (FIR, UIR, sectors): NO_RESTRICTION.
* What nobody here has heard of is PROHIBITED until somebody says otherwise, and reported.

A kind and a class that differ: the stricter counts.
"""

from __future__ import annotations

from skykeep.domain.zone import STRICTNESS, Restriction

_AUTHORISED = (
    "R", "D", "Q", "TRA", "TSA", "RTSA", "CBA", "TFR", "NOFLY", "OFR", "RPZ", "FRZ", "CTR", "MCTR", "CTA",
    "TMA", "UTA", "LTA", "ATZ", "AWY", "AWYSEG", "MTA", "MTR", "OCA", "PART", "CLASS", "CTA_P", "TMA_P",
    "CTR_P", "CTA-P", "TRAFR", "RESTRICTED", "DANGER", "NATO_S", "NATO_L", "RAS", "TIZ", "MATZ", "R-AMC",
    "D-AMC", "OVERFLIGHT_RESTRICTION", "ADIZ", "UADA", "NPZ", "UAA", "CTR/MCTR", "ICA", "HTZ", "PROTECT",
    "RA", "SECURITY",
)  # fmt: skip
_CONDITIONAL = (
    "W", "WARNING", "ALERT", "A-AREA", "RMZ", "TMZ", "TRZ", "TIA", "DZ", "LASER", "GLIDER", "HIRTA", "GVS",
    "UL", "NOATZ", "ILS", "D_OTHER", "ASR", "ASRA", "GSEC", "GP", "WAVE", "SPORT",
    "AERIAL_SPORTING_RECREATIONAL", "GLIDING_SECTOR", "PROTECTED", "VFRR", "VFRSEC", "VFR_SECTOR", "N",
    "CUSTOM", "AMA", "ADV", "TRP", "MRT", "BIRD", "NAT_PARK",
)  # fmt: skip
_OPEN = (
    "FIR", "UIR", "FIS", "ACCSEC", "ACC_SECTOR", "FIS_SECTOR", "SECTOR", "SECTOR_C", "FIR_P", "UIR_P",
    "RCA", "POLITICAL", "NAS", "NAS_P", "G",
)  # fmt: skip

KINDS: dict[str, Restriction] = {
    "P": Restriction.PROHIBITED,
    "PROHIBITED": Restriction.PROHIBITED,
    **dict.fromkeys(_AUTHORISED, Restriction.REQ_AUTHORISATION),
    **dict.fromkeys(_CONDITIONAL, Restriction.CONDITIONAL),
    **dict.fromkeys(_OPEN, Restriction.NO_RESTRICTION),
}
CLASSES = {
    **dict.fromkeys("ABCD", Restriction.REQ_AUTHORISATION),
    **dict.fromkeys("EF", Restriction.CONDITIONAL),
    "G": Restriction.NO_RESTRICTION,
}


def restriction_of(kind: str, icao_class: str = "") -> Restriction | None:
    """Return what a kind and a class of airspace mean; None where neither is known."""
    found = [
        restriction
        for restriction in (KINDS.get(kind.strip().upper()), CLASSES.get(icao_class.strip().upper()))
        if restriction is not None
    ]
    return max(found, key=lambda one: STRICTNESS[one], default=None)
