"""Words that the rules speak of, as tables that a person can read and extend; `|` parts the choices.

Each table is a piece of a regular expression (upper or lower case alike), used in the rules by its name in
braces: `{CRAFT}`. A space stands for any spaces. Add a word where its like stand; the tests tell what it did.
"""

from __future__ import annotations

import re

# What flies, by its kind. The first kind that fits a mention names it.
AIRCRAFT_KINDS: tuple[tuple[str, str], ...] = (
    (
        "multirotor",
        r"(?:quad|hexa|octo|multi)-?(?:co?pters?|rotors?)(?: drones?| UAVs?)?|quads?(?: type| drones?)?|hexas?"
        r"|(?:drones?|machines?|craft|aircraft|devices?|UAVs?|thing) with (?:four|six|eight|several|4|6|8)"
        r" (?:rotors?|propell[eo]rs?|arms|motors|blades)|(?:with )?(?:four|six|eight|several|many|4|6|8) (?:(?:little|small|big|whirring) )*(?:rotors|propell[eo]rs)|(?:four|six|eight|multi)-?(?:rotor|bladed)(?:ed)?"
        r" (?:drones?|machines?|craft|aircraft|devices?|UAVs?)",
    ),
    (
        "fixed_wing",
        r"(?:fixed|delta|swept)-wing(?:ed)? (?:drones?|UAVs?|aircraft|machines?|craft|types?)|fixed-?wings?"
        r"|flying wings?|(?:glider|gliders)|winged drones?|(?:plane|aeroplane|airplane)-(?:type|style|shaped|like) (?:drones?|UAVs?)"
        r"|model (?:aero|air)?planes?",
    ),
    (
        "helicopter",
        r"helicopters?|helos?|choppers?|rotary-?wing(?:ed)? (?:aircraft|machines?)|gunships?|gyrocopters?|copters?",
    ),
    (
        "drone",
        r"(?:UAVs?|drones?|UAS|UA) ?\((?:unmanned|uncrewed)[^)]{3,40}\)"
        r"|(?:(?:unmanned|uncrewed|pilotless|driverless|crewless|unpiloted|remotely[- ]piloted|remote-controlled|radio-controlled)"
        r" (?:(?:aerial|air|flying|airborne) ?)?(?:vehicles?|systems?|aircraft|craft|machines?|devices?|planes?|apparatus(?:es)?|platforms?|objects?))"
        r"(?: ?\((?:drones?|UAVs?|UAS)\))?|(?:loitering munitions?)|kamikazes?|drones?|UAVs?|UASs?|UCAVs?|RPAS?|sUAS|FPVs?"
        r"|unmanneds?",
    ),
    (
        "aeroplane",
        r"aeroplanes?|airplanes?|planes?|(?:fighter|business|private|light|military) jets?|jets?|airliners?|light aircraft"
        r"|microlights?|bombers?|fighter aircraft|Cessnas?",
    ),
    ("balloon", r"(?:weather |hot-air |toy |party )?balloons?|airships?|blimps?|aerostats?|(?:sky|paper|Chinese) lanterns?"),
    (
        "bird",
        r"(?:large |big |flock of |flocks of )?(?:birds?|gulls?|seagulls?|geese|goose|swans?|storks?|herons?|crows?|rooks?"
        r"|pigeons?|owls?|hawks?|falcons?|eagles?|buzzards?|kites? \(bird\)|starlings?)",
    ),
    ("missile", r"(?:cruise |ballistic |guided )?missiles?|rockets?"),
    ("=", r"kites?|(?:aerial|airborne|flying) (?:projectiles?|objects?|devices?|bombs?)|unidentified (?:flying |aerial )?objects?|UFOs?"),
)

TABLES: dict[str, str] = {
    # Things that may be meant where an aircraft was named before.
    "THING": r"devices?|apparatus(?:es)?|contraptions?|flyers?|things|gadgets?|flying machines?|raiders?|attackers?|machines?|objects?|craft|aircraft|vehicles?|targets?|intruders?|contacts?|aerial targets?"
    r"|hostiles?|blips?|echoes|returns|tracks?|units?|a/c|shapes?|lights",
    "UNIT": r"a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred",
    "NUM": r"(?:(?:at least|at most|upwards of|in excess of|something like|somewhere between|close to|not quite|all of|no fewer than|no less than|not fewer than|no more than|up to|more than|over|fewer than|less"
    r" than|around|about|some|roughly|nearly|almost|approximately|as many as|only|just|exactly|a total of|possibly|perhaps|maybe"
    r"|poss|abt|approx) )?"
    r"(?:(?:between )?{NUMBER}(?: ?(?:-|to|or|and) ?{NUMBER})?|an? pair of|an? couple(?: of)?|pair of|couple of|(?:a )?brace of|half a dozen|half-a-dozen|a half-dozen|a baker's dozen|two or three|three or four"
    r"|(?:an? (?:\w+ )?|two |three |several )?dozens?(?: of)?|(?:two|three) score|(?:a )?(?:score|scores|swarm|handful|number|group|trio|string|cluster|fleet|wave)"
    r" of|several|many|multiple|numerous|a few|various|countless|trio of)",
    "NUMBER": r"(?:(?<![\d:./])(?<!\b[Nn]o[ ])(?<!\b[Nn]o\.[ ])\d{1,3}(?![\d:./]\d|/\d)|x ?\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?:one|two|three|four|five|six|seven"
    r"|eight|nine)|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a hundred|one hundred)(?: \(\d{1,3}\))?",
    "ADJ": r"(?:(?!{STOP}\b)[\w'-]+,? ){0,3}?",
    # Words at which a noun phrase ends.
    "STOP": r"(?:the|an|a|of|its|his|her|their|our|my|your|is|are|was|were|be|been|being|am|has|have|had|do|does|did|will|would|shall|should|can|could|(?-i:may)|might|must|cannot"
    r"|said|says|say|told|tells|and|or|but|nor|yet|so|because|as|if|unless|until|till|til|while|whilst|when|where|whether|which|who|whom"
    r"|whose|that|than|then|though|although|since|before|after|during|by|with|without|within|from|for|to|into|onto|in|on|at|over|above"
    r"|under|below|near|off|out|up|down|about|around|along|across|through|towards?|against|between|behind|beyond|beside|outside"
    r"|inside|via|per|except|not|never|no|also|only|just|now|again|later|earlier|already|still|ago|it|he|she|they|we|i|you|them"
    r"|him|(?-i:us)|me|there|here|shortly|soon|today|tonight|yesterday|tomorrow|last|this|these|those|following|causing|killing"
    r"|scattering|according|saying|adding|claiming|where|came|come|comes|went|fell|fall|crashed|landed|flew|made|took|appeared"
    r"|remain|remains|remained|continued|caused|got|left|ahead|instead|some|any|every|each|early|late|around|twds|til|w/|f/|o/s)",
    "THE": r"(?:the|a|an|its|his|her|their|our|your|my|this|these|those|one|another|both|some|all)",
    "WORD": r"(?!{STOP}\b)[\w&@#][\w'&/.-]*[\w'/]|(?!{STOP}\b)\w",
    "DONE": r"(?:(?!(?:un\w+|arm|wing|protect|unit|fortif|so-call|limit|disput|occupi|alli|restrict|propos|suspect|alleg|attempt|intend|list|spe|se|fe|we|re|hundr|sacr|nak|wick|fact|plann|walled|gilded|heat|two-head)(?:i?ed)?\b)(?-i:[a-z]{2,}(?:[^e\W]ed)))\b",
    "PART": r"(?:{WORD})(?: (?!{DONE})(?:{WORD})){0,6}",
    "NP": r"(?:{THE} )?{PART}(?: of (?:{THE} )?{PART}){0,3}",
    "PERSON": r"(?:people|persons?|men|man|women|woman|children|child|boys?|girls?|residents?|civilians?|soldiers?|guards?|officers?"
    r"|policem[ae]n|policewom[ae]n|constables?|watchm[ae]n|firefighters?|workers?|staff|servicem[ae]n|troops|passengers?|crew(?: members?)?"
    r"|employees?|locals?|bystanders?|passers-by|tourists?|visitors?|villagers?|fisherm[ae]n|sailors?|spectators?|others?|students?"
    r"|patients?|victims?|drivers?|of them|of us|of our \w+|pensioners?|paramedics?|cleaners?|gardeners?|dockers?|pax)",
    "HURT": r"(?:hurt|injur(?:ed|ies|y)|wounded|killed|harmed|dead|died|slain|burned|burnt|concussed|hospitali[sz]ed|casualt(?:y|ies)"
    r"|victims?|fatalit(?:y|ies)|deaths?|wounds?|injs?|inj'd|cas|hosp)",
    "BLAST": r"(?:explosions?|blasts?|detonations?|bangs?|booms?|shots?|gunshots?|gunfire|cracks?|thuds?|pops?|bursts?|thunderclaps?"
    r"|volleys?|salvos?|rumbl(?:e|es|ing)|roar(?:ing)?|crash(?:es)?|reports?(?= like)|crumps?|claps?|whoosh(?:es)?|knocks?|hisses)",
    "HUM": r"(?:buzz(?:ing)?|hum(?:ming)?|whin(?:e|ing)|whirr?(?:ing)?|dron(?:e|ing) of|engine noise|engines?(?= overhead)"
    r"|rotor noise|moped(?: sound| noise)?|lawn ?mowers?|sirens?|whistl(?:e|ing)|noises?|sounds?|clatter(?:ing)?)",
    "ATTACK": r"(?:terrorist (?:acts?|attacks?|operation)|acts? of (?:terror(?:ism)?|aggression|war|sabotage|hostility|piracy|provocation|vandalism)"
    r"|assassination(?: attempt| plot)?s?|attempts?(?: made)? on (?:the|his|her|their) (?:\w+'s )?li(?:fe|ves)|attempted (?:\w+ )?(?:assassination"
    r"|strike|attack|murder|killing|raid|coup)|(?:drone |air |aerial |night |missile |suicide |armed |terror |cowardly |barbaric )*(?:attacks?|strikes?|raids?"
    r"|assaults?|bombings?|bombardments?|incursions?|onslaughts?)|provocations?|sabotage|false[- ]flag(?: operation)?|reconnaissance|espionage|spying|surveillance(?: flight)?"
    r"|intimidation|publicity stunts?|stunts?|pranks?|hoax(?:es)?|aggression|drill|rehearsal|smuggling)",
    "SHOW": r"(?:videos?|footage|clips?|films?|recordings?|photos?|photographs?|pictures?|images?|stills?|screenshots?|livestreams?|phone video"
    r"|dashcam|CCTV|reels?|pics?|vids?)",
    "BARRED": r"(?:ban(?:ned)?|prohibited|forbidden|barred|not (?:be )?(?:allowed|permitted)|grounded|suspended|closed|shut(?: down)?|sealed(?: off)?"
    r"|halted|stopped|cancelled|restricted|outlawed|cordoned(?: off)?|off[- ]limits|out of bounds|called off|diverted|clsd|susp(?:'d)?|reopened|re-opened)",
    "PLACEWORD": r"(?:sea|water|wtr|river|lake|bay|harbou?r|port|dock|quay|pier|jetty|beach|coast|shore|island|isle|islet|strait|channel|estuary|canal|pond|marsh"
    r"|woods?|forest|trees|park|gardens?|grounds?|lawn|fields?|meadow|hills?|ridge|mountains?|valley|moor|farm|orchard|city|capital|town|village|suburbs?|district"
    r"|quarter|centre|center|street|road|motorway|highway|square|bridge|tunnel|station|airport|airfield|aerodrome|runway|terminal|base|barracks|depot|port|plant|refinery"
    r"|factory|mill|mine|works|dam|reservoir|tower|castle|palace|residence|house|home|building|roof(?:top)?|dome|courtyard|yard|car park|stadium|arena|hospital|school"
    r"|church|cathedral|mosque|temple|market|museum|embassy|parliament|border|frontier|area|region|zone|sector|airspace|complex|compound|perimeter|fence|wall|gate|site"
    r"|scene|vicinity|neighbourhood|outskirts|waterfront|embankment|hangar|shed|barn|warehouse|pumping station|substation|pylon|silo|tank farm|oil terminal|greenhouse"
    r"|north|south|east|west|northern|southern|eastern|western|sky|skies|reeds?|mud|ditch|playground|cemetery|roads\b|roadstead|roads?|anchorage|berths?|moorings?|shoals?|sandbank|reef|deck|lodge|villa|mansion|cottage|chapel|abbey|monastery|priory|vineyard|pasture|stables?|kennels?|prison|jail|town hall|library|theatre|opera|university|college|laborator\w+|cellars?|balcony|terrace|attic|steps|fountain|statue|monument|promenade|allotments?|hedge|copse|heath|common|green|cliffs?|dunes?|headland|cape|point|sound|firth|fjord|creek|ford|weir|lock|lighthouse|buoys?|golf course|rail(?:way)?|track)",
    "DAY": r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\b\.?)",
    "MONTH": r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)",
    "PART_OF_DAY": r"(?:morning|afternoon|evening|night|dawn|dusk|daybreak|sunrise|sunset|midnight|noon|midday|nightfall|lunchtime|small hours|early hours|first light)",
    "CLOCK": r"(?:[012]?\d[.:h][0-5]\d(?::[0-5]\d)?(?: ?(?:a\.?m\.?|p\.?m\.?|hrs?|hours?|UTC|GMT|Z|local(?: time)?|CET|EST))*"
    r"|[01]?\d ?(?:a\.?m\.?|p\.?m\.?)(?: local(?: time)?)?|[0-2]\d[0-5]\d ?(?:Z|hrs?|hours|h|UTC|local)\b|\d{6}Z|(?:a )?(?:quarter|half|five-and-twenty|{NUMBER}) (?:minutes? )?"
    r"(?:past|to) (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|midnight|noon|\d{1,2})(?: in the \w+)?"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}) o'clock(?: in the \w+)?)",
    "PRINCIPAL": r"(?:president|prime minister|first minister|premier|chancellor|king|queen|prince(?:ss)?|duke|duchess|emperor|emir|sultan|sheikh|shah"
    r"|governor|mayor|chairman|speaker|minister|leader|head of (?:state|government)|pope|ruler|archbishop|regent|consul|ambassador|general secretary|doge|margrave"
    r"|countess|count|lord|lady|majesty|highness|excellency|family|chair(?:woman|person)|secretary of state|director|regent|monarch|heir|dowager|first lady|chief of state|commissioner|rector|abbot|excellencies|principal|guest of honou?r|delegation|head of the \w+|generals?|ministers|royals?|royal family|master|mistress)",
    "NONE_OF": r"(?:no|nil|zero|without(?: causing)?(?: any)?|not any|0|neither|nor any|NTR)",
}

HEDGES = (
    r"appears?(?: to)?|appeared to|apparently|seems?|seemed|seemingly|purport(?:s|ed|edly|ing)?|alleged(?:ly)?|reported(?:ly)|"
    r"presumabl[ye]|presumed|probabl[ye]|possibl[ye]|poss\b|perhaps|maybe|might|(?-i:may)(?! \d)|could(?: have)?(?! not)|believed|"
    r"believes?|thought|suspected|suspects?|likely|unconfirmed|unverified|so-called|supposed(?:ly)?|it is understood|said to"
    r" (?:be|have)|as far as|looks? like|looked like|sounds? like|if (?:you ask|confirmed|true)|rumou?red|think|thinks|guess|"
    r"estimated|suggest(?:s|ed|ing)?|not (?:thought|believed)|reason to believe|i reckon|imo|iirc|afaik|afaict|hinted|can't be sure"
    r"|not (?:yet )?(?:been )?(?:confirmed|verified)|to the best of|an open mind|as if|would have|is understood to"
)
DOUBTS = r"so-called|alleged|purported|supposed|self-styled|unconfirmed|unverified|unproven|what (?:it|he|she|they) calls?|whatever did or did not"
NOT = (
    r"(?:not|n't|never|no|none|neither|nor|nobody|no one|nothing|without|denie[sd]|denying|false|untrue|cannot|nil)"
)


_NAME = re.compile(r"\{([A-Z_]+)\}")
_SPACE = re.compile(r"\[[^\]]*\]| \?| ")
_SPACES = {" ": "[ \"]+", " ?": "[ ]*"}


def expand(pattern: str) -> str:
    """Return a pattern with every `{TABLE}` put in and every space standing for any spaces.

    Raises `KeyError` for a table that is not there: a mistake of ours.
    """
    while _NAME.search(pattern):
        pattern = _NAME.sub(lambda found: f"(?:{TABLES[found.group(1)]})", pattern)
    return _SPACE.sub(lambda found: _SPACES.get(found.group(), found.group()), pattern)


TABLES["CRAFT"] = "|".join(f"(?:{words})" for _, words in AIRCRAFT_KINDS)
TABLES["HEDGE"] = HEDGES
TABLES["NOT"] = NOT
