"""What stands in the fields of a form or report: "Place: ...", "Injured: 1", "Measures: ...".

`FIELDS` names the needs (`at_place` and so on) by the labels that open a line; the form of a rule is told in
`rules`.
"""

from __future__ import annotations

import re

_LABELS = {
    "at_place": "place|location|locality|scene|site|where|venue",
    "at_time": "alarm|time|date|date and time|time of (?:incident|event|call)|when|occurred|incident time",
    "at_injured": "injured|injuries|casualties|hurt|persons? (?:hurt|injured)|victims?|wounded",
    "at_damage": "damage|damages|material damage|damage to property|losses",
    "at_cause": "cause|presumed cause|cause of (?:crash|loss|fall|incident)|brought down by",
    "at_measures": "measures|measures taken|action|actions?|action taken|steps taken|response|deployed",
    "at_press": "press|media|comment|press enquiries|statement to (?:the )?press",
    "at_motive": "motive|motives|purpose|intent",
    "at_number": "number|quantity|count|aircraft seen|objects",
}
_BEHIND = r"(?: (?:acc(?:ording|\.)? to|as per|per|by|of|at) [^:\n]{2,40})?"
FIELDS = {
    need: re.compile(rf"[-*\u2022 ]*(?:\d+[.)] )?(?:{labels}){_BEHIND} ?:", re.IGNORECASE)
    for need, labels in _LABELS.items()
}

RULES_FORM = r"""
place | = | at_place | (?<![^\n])[^:\n]{2,60}: «[^\n;(:]{3,80}»(?=[.;(]|\n|$)
casualties | # hurt | at_injured | (?<![^\n])[^:\n]{2,60}: «(?!(?:none|nil|no|0)\b){NUM}[^.;(\n,]{0,50}»
casualties | 0 | at_injured | (?<![^\n])[^:\n]{2,60}: «(?:none|nil|no one|nobody|0)\b»
damage | none | at_damage | (?<![^\n])[^:\n]{2,60}: «(?:none|nil|no\b[^.;\n]{0,30}|0)»
damage | = | at_damage | (?<![^\n])[^:\n]{2,60}: «(?!none\b|nil\b|no\b)[^.;\n]{3,90}»
means_of_defeat | = | at_cause | (?<![^\n])[^:\n]{2,60}: «[^.;,\n]{3,60}»
response_taken | = | at_measures | (?:(?<![^\n])[^:\n]{2,60}:|[,;]|[.]) «[^.,;:\n]{6,70}»
comment | none | at_press,declines | «\b(?:none|no|nil|not|nothing)\b[^.,;\n]{0,50}»
motive | = | at_motive | (?<![^\n])[^:\n]{2,60}: (?:(?:he|she|they) (?:says?|said|claims?) )?«[^.;\n]{3,60}»
aircraft_count | # | at_number | (?<![^\n])[^:\n]{2,60}: «{NUM}»
"""
