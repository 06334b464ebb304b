"""Words that reports of one night put for one another, as data: a line is one meaning.

Written from the language of such reports in general, not from any one of them. Irregular forms stand beside
their verb, because a stemmer leaves them apart. A word may stand in one line only. What is common to all such
reports (to say, to state) weighs nothing, like the words of grammar.
"""

from __future__ import annotations

MEANINGS = """
drone drones uav uavs uas unmanned pilotless quadcopter quadcopters quad multirotor multicopter quadrocopter
machine aircraft vehicle device apparatus craft object
helicopter chopper rotary-wing rotorcraft copter
bang boom blast explosion detonation thump thud pop crack
attack strike struck raid assault bombing hit
attempt attempted try tried bid undertake undertook
residence home house palace lodge mansion
disable suppress neutralise neutralize incapacitate stop knock halt thwart foil repel
destroy destroyed obliterate demolish
shot shoot down downed fell fall fallen crash crashed drop dropped plunge came
jam jammer jamming electronic ew radio-electronic
gun cannon fire fired anti-aircraft firearm weapon
casualty casualties victim victims dead died killed death deaths fatality injured injury injuries hurt wounded
damage damaged affected touched
fragment debris wreckage wreck wreckages scatter
see saw seen spot spotted sight sighted observe observed
hear heard
ban banned prohibit prohibited forbid forbidden outlaw close closed closure shut suspend suspended grounded
except excepted exception exempt exempted exemption unless save barring
permit permission licence license licensed authorise authorised authorize authorized
obstruct obstructs hinder hindrance hamper impede disrupt interfere
reserve reserves retain retains
respond response retaliate retaliatory retaliation reply react reprisal countermeasure
plan planned premeditated deliberate
terrorist terror terrorism
assassination assassinate life murder
occasion eve ahead before
night overnight tonight nightfall evening nocturnal
dawn daybreak sunrise
morning early
sea water waters waterline
ship vessel boat
west westerly western westward
east easterly eastern eastward
north northerly northern northward
south southerly southern southward
withdraw withdrew withdrawn retract retracted revoke
error errors mistake mistakes mistaken wrong erroneous
police constable constabulary policeman policemen
soldier military troops army servicemen
agency service services
safe unharmed unhurt uninjured
accuse accused accusation blame blamed allege alleged allegation claim
deny denied denies denial reject rejected refute
protect protection safety security safeguard
fishing fisherman fishermen
civilian civilians population resident residents inhabitant inhabitants people
launch launched send sent dispatch
continue continues carry carries
work works duty duties schedule
regard regarded assess assessed view viewed consider considered treat
target targeted aim aimed
carried conduct conducted perform performed
timely prompt swift
use using used involving via means
prevent avoid
threat threaten threatened
near beside
"""

NUMBERS = """
nil none zero nobody no-one
one single once
two pair couple both twice
three triple
four
five
six
seven
eight
nine
ten
eleven
twelve dozen
thirteen
fourteen
fifteen
sixteen
seventeen
eighteen
nineteen
twenty
"""

GRAMMAR = """
a an the this that these those there here it its he him his she her hers they them their theirs we us our
ours i me my you your who whom whose which what when where why how and or but nor so yet if then than as at
by for from in into of off on onto out over to under up with within without about after against along among
around because between during through until upon while be is are was were been being am have has had having
do does did doing will would shall should can could may might must not no also only just now again later
earlier very too such own same other another any all each every some more most much many few both either
neither said say says saying told tell tells telling stated state states announce announced announces
statement according report reported reports added adding adds noted s t d ll ve re mr mrs ms dr one's today
yesterday however meanwhile
"""
