"""Every word of the pages on which anybody asks for leave to fly, in each language they speak.

A language is one more `Words`: a field left out is a mistake at once, because a record has them all. `wrong`
holds what to say of each field that `apply_form` may name, `states` a headline and what happens next for each
state that a permit can be in; `{}` is filled in.
"""

from __future__ import annotations

import msgspec

from skykeep.api.apply_form import ORDER
from skykeep.domain.permit import PermitState


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one language."""

    language: str
    direction: str
    name: str
    languages: str
    title: str
    intro: str
    urgent: str
    who: str
    holder: str
    contact: str
    contact_hint: str
    operator: str
    operator_hint: str
    serials: str
    serials_hint: str
    where: str
    circle: str
    centre: str
    centre_hint: str
    locate: str
    located: str
    not_located: str
    radius: str
    corners: str
    corners_hint: str
    height: str
    when: str
    when_hint: str
    begin: str
    end: str
    what: str
    purpose: str
    use: str
    commercial: str
    hobby: str
    category: str
    categories: tuple[str, str, str, str]
    uas_class: str
    built: str
    no_class: str
    send: str
    look_again: str
    wrong: dict[str, str]
    too_many: str
    too_old: str
    closed: str
    refused: str
    status_title: str
    sent: str
    keep: str
    next_step: str
    reason: str
    states: dict[PermitState, tuple[str, str]]
    local_time: str
    from_to: str
    to: str
    up_to: str
    within: str
    of: str
    conditions: str
    opens: str
    document: str
    offered: str
    offered_says: str
    accept: str
    decline: str
    decline_says: str
    withdraw: str
    withdraw_says: str
    sure: str
    not_done: str
    again: str
    another: str
    unknown_title: str
    unknown: str
    reference: str

    def __post_init__(self) -> None:
        if set(self.wrong) != set(ORDER):
            raise ValueError(f"words for {set(self.wrong) ^ set(ORDER)}")
        if set(self.states) != set(PermitState):
            raise ValueError(f"words for {set(self.states) ^ set(PermitState)}")


S = PermitState
ENGLISH = Words(
    language="en",
    direction="ltr",
    name="English",
    languages="Language",
    title="Ask for leave to fly a drone",
    intro="Fill this in before you fly near {}. You get a page of your own on which you see the answer.",
    urgent="In an emergency do not wait for this form: call the emergency number.",
    who="Who flies, and with what",
    holder="Your name or your organisation",
    contact="Telephone or e-mail",
    contact_hint="Only the authority sees it.",
    operator="Operator number (optional)",
    operator_hint="For example FIN87astrdge12k8. Leave out its last three characters: they are secret.",
    serials="Serial number of each drone (optional)",
    serials_hint="One on each line, as sent by radio or written on the label: 6 to 20 letters and digits.",
    where="Where",
    circle="All around one point",
    centre="The point: latitude, longitude",
    centre_hint="For example 44.5012, -28.0034. Map apps show it when you hold a finger on a place.",
    locate="Use this device's position",
    located="Position found, to about {} metres.",
    not_located="No position could be found. Type it in, please.",
    radius="How far around it, in metres",
    corners="Inside these corners",
    corners_hint="Latitude, longitude: one corner on each line, 3 to 30 of them, in order around the edge.",
    height="How high above the ground at most, in metres",
    when="When",
    when_hint="Date and time of day there ({}).",
    begin="From",
    end="Until",
    what="What for",
    purpose="What you will do",
    use="Is it",
    commercial="work",
    hobby="leisure",
    category="Category of the flight",
    categories=("Open", "Specific", "Certified", "I do not know"),
    uas_class="Class on the drone's label",
    built="Privately built",
    no_class="None",
    send="Send the application",
    look_again="Not sent yet. Please look at this again:",
    wrong={
        "holder": "Give a name, of at most 100 characters.",
        "contact": "Say how you can be reached, in at most 200 characters.",
        "operator": "An operator number has 3 letters of a country and 13 letters and digits.",
        "serials": "Each has 4 signs of the maker, one for its length, then the rest. At most 10 of them.",
        "shape": "Choose how you say where.",
        "centre": "Write latitude, longitude in degrees, for example 44.5012, -28.0034.",
        "radius": "A number of metres from 10 to 10,000.",
        "corners": "3 to 30 corners, each a line with latitude, longitude. Edges must not cross.",
        "away": "That is too far from {}. Are latitude and longitude the right way round?",
        "height": "A number of metres from 1 to 1,000.",
        "begin": "Give a date and a time of day.",
        "begin_past": "It must lie ahead, by at most 180 days.",
        "begin_gap": "The clocks are put forward then: that time does not come. Choose another.",
        "end": "Give a date and a time of day.",
        "end_before": "It must be after the beginning.",
        "end_long": "At most 24 hours after the beginning. Apply again for another day.",
        "end_gap": "The clocks are put forward then: that time does not come. Choose another.",
        "purpose": "Say it in at most 500 characters.",
        "use": "Choose one.",
        "category": "Choose one.",
        "uas_class": "Choose one.",
    },
    too_many="There were many applications from your connection. Please wait some minutes and send it again.",
    too_old="This page was open for too long, or was sent already. Please send it again.",
    closed="Applications cannot be taken at the moment. Please try again soon.",
    refused="It could not be taken as it is: {}",
    status_title="Your application",
    sent="Your application has come.",
    keep="Keep the address of this page: it is the only key to it. Do not show it to others.",
    next_step="What happens next",
    reason="The reason",
    states={
        S.DRAFT: ("Not sent yet", "It has not been sent to the authority."),
        S.SUBMITTED: ("Being looked at", "The authority looks at it. Do not fly before it is approved."),
        S.FURTHER_COORDINATION: (
            "Being talked over with others",
            "Others must agree first. Do not fly before it is approved.",
        ),
        S.ALTERNATIVE_OFFERED: (
            "Another time or place is offered",
            "It cannot be as you asked. Say below whether you take what is offered. Do not fly yet.",
        ),
        S.AUTO_APPROVED: ("Approved", "You may fly as it says below. Look here again before you start."),
        S.APPROVED: ("Approved", "You may fly as it says below. Look here again before you start."),
        S.ACTIVE: ("Approved, in force now", "You may fly as it says below, until the time is over."),
        S.SUSPENDED: ("Suspended", "Do not fly now; if you are flying, land at once. Look here again."),
        S.DENIED: ("Denied", "You may not fly. You can apply again with other times or another place."),
        S.WITHDRAWN: ("Withdrawn", "Nothing more happens. You may not fly."),
        S.REVOKED: ("Revoked", "You may not fly any more; if you are flying, land at once."),
        S.EXPIRED: ("Over", "Its time is over. Apply again to fly again."),
        S.CLOSED: ("Closed", "The flight is over. Thank you."),
    },
    local_time="Time there ({})",
    from_to="{} to {}",
    to="to",
    up_to="Up to {} m above the ground",
    within="Within {} m of {}",
    of="Inside {} corners",
    conditions="Conditions",
    opens="Zones it lets you into",
    document="Document",
    offered="What is offered instead",
    offered_says="All else stays as you asked.",
    accept="Accept what is offered",
    decline="Decline it",
    decline_says="If you decline, the application ends.",
    withdraw="Withdraw",
    withdraw_says="Do you no longer want to fly?",
    sure="Yes, I am sure",
    not_done="That could not be done: it has changed meanwhile. Here is how it stands now.",
    again="See how it stands now",
    another="Apply for another flight",
    unknown_title="No such application",
    unknown="There is none under this address. Is it complete?",
    reference="Reference",
)
