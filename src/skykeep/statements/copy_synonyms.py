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
shot shoot down downed fell fall fallen crash crashed land landed drop dropped plunge came
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
reserve reserves retain retains keep keeps kept
respond answer answered response retaliate retaliatory retaliation reply react reprisal countermeasure
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
admit admitted concede conceded acknowledge acknowledged confirm confirmed confirms
ask asked request requested appeal demand demanded urge urged beg
warn warned caution
promise pledge vow vowed swear swore sworn
sorry apologise apologize apology regret regrets
thank grateful gratitude obliged
decline declined refuse refused
believe believed think thought reckon suppose guess
know knew known aware knowledge
understand understood grasp
begin began begun start commence open
finish finished end ended conclude complete completed
resume reopen reopened restart restarted
remain remained stay rest remaining left-over
wait waiting queue
delay delayed late postpone postponed hold-up
cancel cancelled cancellation scrap scrapped abandon abandoned
fly flies flew flown flight flights flying
leave leaves leaving left depart departed departure
arrive arrived arrival reach reached
return returned
enter entered intrude intruder intrusion penetrate penetrated violate violated incursion trespass
cross crossed
circle circled hover hovered loiter loitered orbit
flee fled escape escaped vanish vanished disappear disappeared away
chase chased pursue pursued follow followed
rise rose risen climb climbed ascend
evacuate evacuated evacuation
divert diverted diversion reroute rerouted
stray astray lost lose loses losing disoriented orientation
burn burned burnt burning blaze flame flames ablaze
extinguish extinguished douse
break broke broken breaking smash smashed shatter shattered destruction
intact undamaged unscathed untouched
arrest arrested detain detained custody apprehend
investigate investigation inquiry enquiry probe
order ordered instruct instructed instruction command decree directive
rule rules regulation law statute
fine fines penalty penalties
ministry minister ministers ministerial
government cabinet authorities regime
leader leaders leadership president head
official officials officer officers
crew crews team teams staff personnel
airport airfield aerodrome
runway tarmac apron
company firm operator operators
hospital clinic infirmary
school schoolteacher teacher
prison gaol jail
prisoner inmate inmates
factory plant mill
newspaper paper press
man men gentleman
woman women lady
child children kid kids boy girl
driver drivers motorist
passenger passengers traveller travellers
witness witnesses eyewitness eyewitnesses onlooker bystander
guest guests visitor visitors
neighbour neighbours neighbouring
picture pictures photo photos photograph photographs image images footage video clip film recording
light lights lamp lamps glow
noise sound buzz buzzing hum humming whine drone-like
window windows pane panes glass
car cars van lorry truck
bag package parcel payload load cargo
telephone phone mobile
letter letters note message messages
responsible responsibility answerable accountable liable
right rights entitled entitlement
proportion proportionate proportional commensurate
choose chooses chose chosen choosing choice discretion
danger dangerous hazard hazardous risk risky peril unsafe
big large great huge sizeable enormous
small little tiny minor slight
full fully whole wholly entire entirely total totally
adversary enemy enemies hostile opponent foe
provoke provocation provocative
pretext excuse
invent invented fabricate fabricated fabrication fiction made-up concoct
false untrue untruth lie lies lying
rumour rumours hearsay gossip
find finds found discover discovered discovery recover recovered retrieve retrieved locate
seize seized seizure confiscate confiscated capture captured catch caught
examine examined inspect inspected inspection check checked verify verified
count counted tally
publish published issue issued
write wrote written
show shows showed shown depict display
allow allowed let
help helped assist assisted assistance aid support
hide hid hidden conceal concealed
empty deserted uninhabited unpopulated vacant
ground terrain soil earth
area zone district region quarter neighbourhood
edge perimeter boundary fence border frontier
shore bank coast beach waterside quayside
hill hills highland highlands mountain mountains
road street lane avenue
roof rooftop roofs
wall walls
match game fixture
crowd spectators audience fans onlookers
dark darkness unlit
radio signal frequency
pilot pilots controller flyer
bring brings brought
consequence consequences follows aftermath result results
guilt guilty culprit perpetrator perpetrators
origin origins source
quick quickly rapid rapidly fast hasty
sudden suddenly abrupt abruptly
nothing none-at-all
previous former
wind gust gale
storm tempest
snow sleet
fog mist haze
sleep slept asleep
wake woke woken awake
run ran running
walk walked foot
drive drove driven
speak speaks spoke spoken talk talked
hold holds held
buy bought purchase purchased
sell sold
build built construct constructed
feel felt
meet met
pay paid
sing sang sung
eat ate eaten
bear bore borne
fight fought fighting combat battle
lift lifted raise raised hoist
throw threw thrown hurl toss
cut cuts
join joined
aeroplane airplane plane aeroplanes planes airliner jet winged fixed-wing
missile missiles rocket rockets
bird birds
calm quiet peaceful
normal usual everyday ordinary
precaution precautionary
halted standstill stoppage
temporary temporarily briefly provisional
isolate alone lone sole
dam reservoir
hydroelectric power
train trains railway rail
bridge bridges
cattle cow cows
priest vicar parson
mayor mayoress
ambulance ambulances
fisher angler
firefighter firefighters fireman firemen
shepherd shepherds
worker workers labourer employee employees
journalist journalists reporter reporters correspondent
student students pupil pupils
soon shortly
roughly approximately nearly almost
million millions
kilometre kilometres km
metre metres
hour hours
minute minutes
"""

NUMBERS = """
nil none no zero nobody no-one absent absence without
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
by for from in into of off on onto out over to under up with within about after against along among
around because between during through until upon while be is are was were been being am have has had having
do does did doing will would shall should can could may might must not also only just now again later
earlier very too such own same other another any all each every some more most much many few both either
neither said say says saying told tell tells telling stated state states announce announced announces
statement according report reported reports added adding adds noted s t d ll ve re mr mrs ms dr one's today
yesterday however meanwhile
"""
