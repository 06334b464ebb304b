"""Words that the rules speak of, as tables that a person can read and extend; `|` parts the choices.

Each table is a piece of a regular expression (upper or lower case alike), used in the rules by its name in
braces: `{CRAFT}`. A space stands for any spaces. Add a word where its like stand; the tests tell what it did.
"""

from __future__ import annotations

import re

from skykeep.statements.families import FAMILIES

# What flies, by its kind. The first kind that fits a mention names it.
AIRCRAFT_KINDS: tuple[tuple[str, str], ...] = (
    (
        "multirotor",
        r"(?:quad|hexa|octo|multi)-?(?:co?pters?|rotors?)(?: drones?| UAVs?)?|quads?(?: type"
        r"| drones?)?|hexas?"
        r"|(?:drones?|machines?|craft|aircraft|devices?|UAVs?|thing) with (?:four|six|eight|several|4|6|8)"
        r" (?:rotors?|propell[eo]rs?|arms|motors|blades)|(?:with )?(?:four|six|eight|several|many|4|6"
        r"|8) (?:(?:little|small|big|whirring) )*(?:rotors|propell[eo]rs)|(?:four|six|eight"
        r"|multi)-?(?:rotor|bladed)(?:ed)?"
        r" (?:drones?|machines?|craft|aircraft|devices?|UAVs?)",
    ),
    (
        "fixed_wing",
        r"(?:fixed|delta|swept)-wing(?:ed)? (?:(?:unmanned|uncrewed|pilotless) (?:(?:aerial"
        r"|air) )?(?:vehicles?|aircraft|systems?)|drones?|UAVs?|aircraft|machines?|craft|types?)"
        r"|fixed-?wings?"
        r"|flying wings?|drones? of (?:the )?(?:aircraft|aeroplane|airplane|plane)[- ]type|(?:glider"
        r"|gliders)|winged drones?|(?:plane|aeroplane|airplane)-(?:type|style"
        r"|shaped|like) (?:drones?|UAVs?)"
        r"|model (?:aero|air)?planes?",
    ),
    (
        "helicopter",
        r"helicopters?|helos?|choppers?|rotary-?wing(?:ed)? (?:aircraft|machines?)|gunships?"
        r"|gyrocopters?|copters?",
    ),
    (
        "drone",
        r"(?:UAVs?|drones?|UAS|UA) ?\((?:unmanned|uncrewed)[^)]{3,40}\)"
        r"|(?:(?:unmanned|uncrewed|pilotless|driverless|crewless|unpiloted|remotely[- ]piloted"
        r"|remote-controlled|radio-controlled)"
        r" (?:(?:aerial|air|flying|airborne) ?)?(?:vehicles?|systems?|aircraft|craft|machines?"
        r"|devices?|planes?|apparatus(?:es)?|platforms?|objects?))"
        r"(?: ?\((?:drones?|UAVs?|UAS)\))?|(?:loitering munitions?)|kamikazes?|(?:battery"
        r"|electric(?:ally)?|petrol|propeller|rotor)-(?:driven|powered) (?:craft|machines?|aircraft"
        r"|models?|devices?)|drones?|UAVs?|UASs?"
        r"|UCAVs?|RPAS?|sUAS|FPVs?"
        r"|unmanneds?",
    ),
    (
        "aeroplane",
        r"aeroplanes?|airplanes?|planes?|(?:fighter|business|private|light|military) jets?|jets?"
        r"|airliners?|light aircraft"
        r"|microlights?|bombers?|fighter aircraft|Cessnas?",
    ),
    (
        "balloon",
        r"(?:weather |hot-air |toy |party )?balloons?|airships?|blimps?|aerostats?|(?:sky|paper"
        r"|Chinese) lanterns?",
    ),
    (
        "bird",
        r"(?:large |big |flock of |flocks of )?(?:birds?|gulls?|seagulls?|geese|goose|swans?|storks?"
        r"|herons?|crows?|rooks?"
        r"|pigeons?|owls?|hawks?|falcons?|eagles?|buzzards?|kites? \(bird\)|starlings?)",
    ),
    ("missile", r"(?:cruise |ballistic |guided )?missiles?|rockets?"),
    (
        "=",
        r"kites?|(?:hang-?|para)gliders?|parachutes?|fireworks?|meteors?|comets?|bats?|(?:toy"
        r"|model) \w+|(?:aerial|airborne|flying) (?:projectiles?|objects?|devices?|bombs?)"
        r"|unidentified (?:flying |aerial )?objects?|UFOs?",
    ),
)

TABLES: dict[str, str] = {
    # Things that may be meant where an aircraft was named before.
    "THING": r"devices?|apparatus(?:es)?|contraptions?|flyers?|things|gadgets?|flying machines?|raiders?"
    r"|attackers?|machines?|objects?|craft|aircraft|vehicles?|targets?|intruders?|contacts?"
    r"|aerial targets?"
    r"|hostiles?|blips?|echoes|returns|tracks?|units?|a/c|shapes?|lights",
    "NUM": r"(?:(?:at least|at most|upwards of|in excess of|something like|somewhere between|close to"
    r"|not quite|all of|no fewer than|no less than|not fewer than|no more than|up to|more than"
    r"|over|fewer than|less"
    r" than|around|about|some|roughly|nearly|almost|approximately|as many as|only|just|exactly"
    r"|a total of|possibly|perhaps|maybe"
    r"|poss|abt|approx) )?"
    r"(?:(?:between )?{NUMBER}(?:(?: ?(?:-|to|or|and) ?|,? (?:maybe|perhaps|possibly|if not"
    r"|or) ){NUMBER})?|an? pair of|an? couple(?: of)?|pair of|couple of|(?:a )?brace of"
    r"|half a dozen|half-a-dozen|a half-dozen|a baker's dozen|two or three|three or four"
    r"|(?:an? (?:\w+ )?|two |three |several )?dozens?(?: of)?|(?:two|three) score|(?:a )?(?:score"
    r"|scores|swarm|handful|number|group|trio|string|cluster|fleet|wave)"
    r" of|several|many|multiple|numerous|a few|various|countless|trio of)",
    "NUMBER": r"(?:(?<![\d:./])(?<!\b[Nn]o[ ])(?<!PC[ ])(?<!Car[ ])(?<!Unit[ ])(?<!Post[ ])(?<!\b[Nn]o\.["
    r" ])\d{1,3}(?![\d:./]\d|/\d| {MONTH}\b)|x ?\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety)-(?:one|two|three|four|five|six|seven"
    r"|eight|nine)|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a hundred"
    r"|one hundred)(?: \(\d{1,3}\))?",
    "ADJ": r"(?:(?<!\x1f)[\w'-]+,? ){0,3}?",
    # Words at which a noun phrase ends.
    "THE": r"(?:the|a|an|its|his|her|their|our|your|my|this|these|those|one|another|both|some|all)",
    "WORD": r"(?<!\x1f)(?:[\w&@#][\w'&/.-]*[\w'/]|\w)",
    "FIRST": r"(?:(?<=[ \x1e])|(?<![ \x1e\x1f])(?!(?:it|he|she|they|we|i|you|there|this|that|the|an?|in|on"
    r"|at|by|for|from|with|but|and|as|no|not|if|when|while|what|who|after|before|to|is"
    r"|was|only|also|then|now|here|or|so|yet)(?![\w'-])))",
    "PART": r"{FIRST}{WORD}(?:\x20{WORD}){0,6}",
    "NP": r"(?:{THE} )?{PART}(?: of (?:{THE} )?{PART}){0,3}",
    "PERSON": r"(?:people|persons?|men|man|women|woman|children|child|boys?|girls?|residents?|civilians?"
    r"|soldiers?|guards?|officers?"
    r"|policem[ae]n|policewom[ae]n|constables?|watchm[ae]n|firefighters?|workers?|staff"
    r"|servicem[ae]n|troops|passengers?|crew(?: members?)?"
    r"|employees?|locals?|bystanders?|passers-by|tourists?|visitors?|nephews?|nieces?|uncles?"
    r"|aunts?|fathers?|mothers?|brothers?|sisters?|sons?|daughters?|grand\w+|bab(?:y|ies)"
    r"|neighbours?|captain|skipper|villagers?|fisherm[ae]n"
    r"|sailors?|spectators?|others?|students?"
    r"|patients?|victims?|drivers?|of them|of us|of our \w+|pensioners?|paramedics?|cleaners?"
    r"|gardeners?|dockers?|pax)",
    "HURT": r"(?:hurt|taken ill|overcome|poisoned|injur(?:ed|ies|y)|wounded|killed|harmed|dead|died|slain"
    r"|burned|burnt|concussed"
    r"|hospitali[sz]ed|casualt(?:y|ies)"
    r"|victims?|fatalit(?:y|ies)|deaths?|wounds?|injs?|inj'd|cas|hosp)",
    "BLAST": r"(?:explosions?|who?o?mph|whump|wallop|kaboom|racket|din|shooting|firing|blasts?"
    r"|detonations?|bangs?|booms?|shots?|gunshots?|gunfire"
    r"|cracks?|thuds?"
    r"|pops?|bursts?|thunderclaps?"
    r"|volleys?|salvos?|rumbl(?:e|es|ing)|roar(?:ing)?|crash(?:es)?|reports?(?= like)|crumps?"
    r"|claps?|whoosh(?:es)?|knocks?|hisses)",
    "HUM": r"(?:buzz(?:ing)?|hum(?:ming)?|whin(?:e|ing)|whirr?(?:ing)?|dron(?:e|ing) of|engine noise"
    r"|engines?(?= overhead)"
    r"|rotor noise|moped(?: sound| noise)?|lawn ?mowers?|sirens?|whistl(?:e|ing)|noises?|sounds?"
    r"|clatter(?:ing)?)",
    "ATTACK": r"(?:terrorist (?:acts?|attacks?|operation)|acts? of (?:terror(?:ism)?|aggression|war"
    r"|sabotage|hostility|piracy|provocation|vandalism)"
    r"|assassination(?: attempt| plot)?s?|attempts?(?: made)? on (?:the|his|her"
    r"|their) (?:\w+'s )?li(?:fe|ves)|attempted (?:\w+ )?(?:assassination"
    r"|strike|attack|murder|killing|raid|coup)|(?:drone |air |aerial |night |missile |suicide "
    r"|armed |terror |cowardly |barbaric )*(?:attacks?|strikes?|raids?"
    r"|assaults?|bombings?|bombardments?|incursions?|onslaughts?)|provocations?|sabotage"
    r"|false[- ]flag(?: operation)?|reconnaissance|espionage|spying|surveillance (?:flights?"
    r"|missions?|drones?)"
    r"|intimidation|publicity stunts?|stunts?|pranks?|hoax(?:es)?|aggression|drill|rehearsal|smuggling)",
    "SHOW": r"(?:videos?|footage|clips?|films?|recordings?|photos?|photographs?|pictures?|images?|stills"
    r"|screenshots?|livestreams?|phone video"
    r"|dashcam|CCTV|pics?|vids?)",
    "BARRED": r"(?:ban(?:ned)?|prohibited|forbidden|barred|not (?:be )?(?:allowed|permitted)|grounded"
    r"|suspended|closed|shut(?: down)?|sealed(?: off)?"
    r"|halted|stopped|cancelled|restricted|outlawed|cordoned(?: off)?|off[- ]limits|out of bounds"
    r"|called off|diverted|clsd|susp(?:'d)?|reopened|re-opened)",
    "PLACEWORD": r"(?:(?:grand)?stands?|ring|pitch|paddock|racecourse|enclosure|entrance|lobby"
    r"|basement|flats?"
    r"|apartments?|estate|shops?|mall|pub|hotel|restaurant|garage|terrain|sea|water|wtr|river"
    r"|lake|bay|harbou?r|port|dock|quay|pier|jetty|beach|coast|shore"
    r"|island"
    r"|isle|islet|strait|channel|estuary|canal|pond|marsh"
    r"|woods?|forest|trees|park|gardens?|grounds?|lawn|fields?|meadow|hills?|ridge|mountains?"
    r"|valley|moor|farm|orchard|city|capital|town|village|suburbs?|district"
    r"|quarter|centre|center|street|road|motorway|highway|square|bridge|tunnel|station|airport"
    r"|airfield|aerodrome|runway|terminal|base|barracks|depot|port|plant|refinery"
    r"|factory|mill|mine|works|dam|reservoir|tower|castle|palace|residence|house|home|building"
    r"|roof(?:top)?|dome|courtyard|yard|car park|stadium|arena|hospital|school"
    r"|church|cathedral|mosque|temple|market|museum|embassy|parliament|border|frontier|area"
    r"|region|zone|sector|airspace|complex|compound|perimeter|fence|wall|gate|site"
    r"|scene|vicinity|neighbourhood|outskirts|waterfront|embankment|hangar|shed|barn|warehouse"
    r"|pumping station|substation|pylon|silo|tank farm|oil terminal|greenhouse"
    r"|north|south|east|west|northern|southern|eastern|western|sky|skies|reeds?|mud|ditch"
    r"|playground|cemetery|roads\b|roadstead|roads?|anchorage|berths?|moorings?|shoals?|sandbank"
    r"|reef|deck|lodge|villa|mansion|cottage|chapel|abbey|monastery|priory|vineyard|pasture"
    r"|stables?|kennels?|prison|jail|town hall|library|theatre|opera|university|college"
    r"|laborator\w+|cellars?|balcony|terrace|attic|steps|fountain|statue|monument|promenade"
    r"|allotments?|hedge|copse|heath|common|green|cliffs?|dunes?|headland|cape|point|sound|firth"
    r"|[\w-]+(?:works|yard|fields?|ports?|side|bridge|house|haven|mouth)|gaol|wings?|cells?|kitchens?"
    r"|landing|control room|rooms?|chambers?|halls?|corridor|aprons?"
    r"|taxiways?|stands|treeline"
    r"|tree line|highlands?|lowlands?|uplands?|plains?|plateau|desert|steppe|gorge|ravine|canyon|passes"
    r"|peaks?|summit|slopes?"
    r"|hillside|foothills|shoreline|seafront|marina|slipway|boatyard|shipyard|basin|lagoon|delta|spit"
    r"|peninsula"
    r"|banks?|riverbank|levee|dykes?|plantation|quarry|pit|colliery|sawmill|brewery|foundry|smelter"
    r"|steelworks"
    r"|gasworks|power station|switchyard|cooling towers?|stacks?|chimneys?|sluice|headquarters|HQ|offices?"
    r"|precincts?|courthouse|courtroom|hamlet|crossroads|junction|roundabout|lay-by|verge|pavement"
    r"|alleys?|lanes?|avenue"
    r"|crescent|boulevard|bypass|flyover|viaduct|level crossing|platforms?|sidings?|rooftops?|roofs"
    r"|battlements"
    r"|ramparts?|moat|drawbridge|keep|gatehouse|bailey|turrets?|belfry|spire|nave|cloister|churchyard"
    r"|graveyard"
    r"|vicarage|rectory|manor|farmhouse|farmyard|pens?|touchline|goal|halfway line|centre circle"
    r"|terraces|dugout"
    r"|fairground|showground|campsite|bandstand|boathouse|pavilion|clubhouse|studios?|mast|transmitter"
    r"|newsroom"
    r"|water's edge|skyline|horizon|floodlights|flight path|approach path|final approach|threshold"
    r"|tanks|refineries"
    r"|storehouses?|stores?|province|county|parish|country|territory|locality|hangars|buildings|houses"
    r"|streets"
    r"|woodland|spinney|thicket|scrub|marshes|fen|saltings|mudflats|sands|islands|hills|cairn|crags?"
    r"|tarn|loch"
    r"|fjord|creek|ford|weir|lock|lighthouse|buoys?|golf course|rail(?:way)?|track)",
    "DAY": r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat"
    r"|Sun)\b\.?)",
    "MONTH": r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)",
    "PART_OF_DAY": r"(?:morning|afternoon|evening|night|dawn|dusk|daybreak|sunrise|sunset|midnight|noon"
    r"|midday"
    r"|nightfall|lunchtime|small hours|early hours|first light)",
    "CLOCK": r"(?:[012]?\d[.:h][0-5]\d(?::[0-5]\d)?(?: ?(?:a\.?m\.?|p\.?m\.?|hrs?|hours?|UTC|GMT|Z"
    r"|local(?: time)?|CET|EST))*"
    r"|[01]?\d ?(?:a\.?m\.?|p\.?m\.?)(?: local(?: time)?)?|[0-2]\d[0-5]\d ?(?:Z|hrs?|hours|h|UTC"
    r"|local)\b|\d{6}Z|(?:a )?(?:quarter|half|five-and-twenty|{NUMBER}) (?:minutes? )?"
    r"(?:past|to) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|midnight|noon"
    r"|\d{1,2})(?: in the \w+)?"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}) o'clock(?: in the \w+)?)",
    "PRINCIPAL": r"(?:president|prime minister|first minister|premier|chancellor|king|queen|prince(?:ss)?"
    r"|duke"
    r"|duchess|emperor|emir|sultan|sheikh|shah"
    r"|governor|mayor|chairman|speaker|minister|leader|head of (?:state|government)|pope|ruler"
    r"|archbishop|regent|consul|ambassador|general secretary|doge|margrave"
    r"|countess|count|lord|lady|majesty|highness|excellency|family|chair(?:woman|person)"
    r"|secretary of state|director|regent|monarch|heir|dowager|first lady|chief of state"
    r"|commissioner|rector|abbot|excellencies|principal|guest of honou?r|delegation"
    r"|head of the \w+|generals?|ministers|royals?|royal family|master|mistress)",
}

# Words at which a noun phrase ends; so does one in lower case that looks like a past form, but for some.
STOPS = frozenset(
    re.findall(
        r"\S+",
        """
    the an a of its his her their our my your is are was were be been being am has have had do does did
    will would shall should can could may might must cannot said says say told tells and or but nor yet
    so because as if unless until till til while whilst when where whether which who whom whose that
    than then though although since before after during by with without within from for to into onto in
    on at over above under below near off out up down about around along across through toward towards
    against between behind beyond beside outside inside via per except not never no also only just now
    again later earlier already still ago it he she they we i you them him us me there here shortly soon
    today tonight yesterday tomorrow last this these those following causing killing scattering
    according saying adding claiming where came come comes went fell fall crashed landed flew made took
    appeared remain remains remained continued caused got left ahead instead some any every each early
    late around twds til w/ f/ o/s
""",
    )
)
NO_PAST_FORMS = frozenset(
    re.findall(
        r"\S+",
        """
    armed winged protected united fortified so-called limited disputed occupied allied restricted
    proposed suspected alleged attempted intended listed red bed shed seed speed feed need weed reed
    steed breed hundred sacred naked wicked planned walled gilded heated two-headed deed greed creed
    indeed exceed succeed embed
""",
    )
)

HEDGES = (
    r"appears?(?: to)?|appeared to|apparently|seems?|seemed|seemingly|purport(?:s|ed|edly|ing)?"
    r"|reported(?:ly)|"
    r"presumabl[ye]|presumed|probabl[ye]|possibl[ye]|poss\b|perhaps|maybe|might|(?-i:may)(?! \d)"
    r"|could(?: have)?(?! not)|believed|"
    r"believes?|thought|suspected|suspects?|likely|it is understood|said to"
    r" (?:be|have)|as far as|looks? like|looked like|sounds? like|if (?:you ask|confirmed|true)"
    r"|rumou?red|think|thinks|guess|"
    r"estimated|suggest(?:s|ed|ing)?|not (?:thought|believed)|reason to believe|i reckon|imo|iirc"
    r"|afaik|afaict|hinted|can't be sure"
    r"|not (?:yet )?(?:been )?(?:confirmed|verified)|to the best of|an open mind|as if|would have"
    r"|is understood to"
)
DOUBTS = (
    r"so-called|alleged|purported|supposed|self-styled|unconfirmed|unverified|unproven|what (?:it"
    r"|he|she|they) calls?|whatever did or did not"
)
NOT = (
    r"(?:not|n't|never|no|none|neither|nor|nobody|no one|nothing|without|denie[sd]|denying|false"
    r"|untrue|cannot|nil)"
)


TABLES["CRAFT"] = "|".join(f"(?:{words})" for _, words in AIRCRAFT_KINDS)
TABLES["HEDGE"] = HEDGES
TABLES["NOT"] = NOT
TABLES.update(FAMILIES)
