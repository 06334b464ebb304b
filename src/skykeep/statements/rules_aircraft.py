"""How many and what they were, what was heard, and what became of them.

The form of a rule is told in `rules`.
"""

from __future__ import annotations

RULES_AIRCRAFT = r"""
aircraft_count | unknown | event | «\bhow many\b[^.;"?]{0,24}? (?:is|was|were
    |remains?) (?:not (?:yet )?(?:known|clear|certain)|unknown
    |unclear|uncertain)\b»
aircraft_count | # | log | «(?:x ?\d{1,2}|\d{1,2} ?x)\b»(?! (?:car|pc|unit|officers?|pers)\b)
aircraft_count | # |  | \b(?:number|figure|total|count|tally|toll|word)(?: of (?:{CRAFT}|{THING}
    |them))?(?: (?:is|was|has been|stands?|stood))? (?:put )?(?:at|as|of|to|is|was) «{NUM}»
aircraft_count | # |  | \b(?:puts?|estimat\w+|revised|raised|lowered|gave
    |corrected) (?:the |its |their |that |this )?(?:number|figure|total|count|tally)(?: of (?:{CRAFT}
    |{THING}|them))? (?:at|as|of|to|from) «{NUM}(?: to {NUMBER})?»
aircraft_count | # |  | «{NUM}(?:,? (?:repeat|rpt
    |i say again) {NUMBER},?)? {ADJ}(?:{CRAFT})»(?![- ](?:flights?|operators?|pilots?|attacks?|strikes?
    |years?|missions?)\b)
aircraft_count | # | event | «{NUM}(?:,? (?:repeat|rpt) {NUMBER},?)? {ADJ}(?:{THING})»(?! of (?:war
    |view)\b)
aircraft_count | 1 |  | «(?:a|one) (?:single|lone|solitary|small single) {ADJ}(?:{CRAFT}|{THING})»
aircraft_count | 2 | log,hedged | «(?:poss(?:ible|ibly)?|maybe|perhaps) (?:a )?(?:2nd|second)\b»
aircraft_count | 2 | event | «\ban? {ADJ}(?:{CRAFT}|{THING})\b[^.;]{0,120}?,? and (?:a|the) second\b»
aircraft_count | # | corrects | «\b(?:there (?:was|were)|it was|they were|we (?:said|counted|saw)
    |number (?:was|is)|said) (?:only )?{NUMBER}\b[^.;]{0,60}»
aircraft_count | # | event | «\b{NUMBER}(?: of them)?,? (?:and )?not {NUMBER}\b»
aircraft_count | # | corrects | «\b{NUMBER} {ADJ}(?:{CRAFT}|{THING}),? not {NUMBER}\b»
aircraft_count | # | corrects | «\b[^.;]{0,40}said {NUMBER} in error»
aircraft_count | # | event | «\b(?:there (?:was|were)|(?:he|she|they|i|we) (?:saw|counted|spotted)|it was
    |saw) (?:only |just |at least |about )?{NUMBER}(?: of them)?\b»(?= ?[.,;!?"-]|$| (?:and|but|or)\b)
aircraft_count | 0 | denies | «\b(?:no (?!such )(?:\w+ )?(?:{CRAFT}|aircraft|machines?|flying objects?)
    |not (?:one|a single|any) (?:\w+ )?(?:{CRAFT}|aircraft|machine)|(?:nobody|no one|none of (?:us|them)
    |never|not|n't|nor)(?: \w+){0,4} (?:saw|seen|see|spotted) (?:an?|any|the
    |so much as an?)(?: \w+)? (?:{CRAFT}|aircraft|machines?|thing)s?)\b»(?! (?:of (?:ours|theirs)
    |flights?|zone|may|shall|will|can|must|are allowed))
aircraft_count | # | event | «\b(?!one\b){NUM}(?: more| others| further| of them| in all
    | in total)?» (?:had |have |has )?(?:were|was|been|came|appeared|flew|crossed
    |approached)(?: been)?(?: \w+ly)?(?: (?:seen|counted|detected|spotted|reported|sighted|observed
    |tracked|flying|involved|in|over|from|low|towards?))
aircraft_count | # | event | «\b{NUMBER} (?:in all|in total|altogether|all told|more of them)\b»
aircraft_count | # | event | «\b(?:there (?:was|were)|only|just|but|exactly
    |precisely) (?:only |just |but |exactly )?{NUMBER}»(?=[.,;!?]| (?:says|said|and|according)\b)
aircraft_count | # | event | «\ball {NUMBER}(?: of (?:them|the {CRAFT}
    |the {THING}))?\b»(?! (?:of )?(?:residents|people|guests|hours|days))
aircraft_count | # | event | \b(?:says?|said|claims?|claimed|insists?|speaks? of|spoke of|talks? of
    |mentions?|counted|counts|saw|only|now|count(?:ed|ing)? (?:at|to|up to)|believes?(?: in)?|heard of
    |admits?(?: to)?) «(?:only |at least |about |just |perhaps |maybe )?{NUMBER}»(?=[.,;!?"]|$| (?:and
    |but|or|while|not|of them)\b)
aircraft_count | # | event | «\bthere (?:may|might|could|must) have been (?:an? )?(?:second|third|fourth
    |more than one|{NUM})(?: (?:one|{CRAFT}|{THING}))?\b»
aircraft_count | # | event | «\b{NUMBER} only\b»

aircraft_type | = | event | \b(?:saw|seen|see|spotted|watched|noticed|filmed|looked like|looks like
    |like) «(?:something|an? (?:[\w'-]+ ){0,3}?(?:thing|object|shape|speck|dot|silhouette|light
    |contraption))\b(?: [\w'-]+){0,5}»

heard | #= |  | «\b{NUM} (?:(?<!\x1f)[\w'-]+,? ){0,3}?(?:explosions?|blasts?|bangs?|booms?|detonations?
    |gunshots?|cracks?|thuds?|pops|explosive sounds?|loud noises?)\b»
heard | #= | hear | «\b(?:{NUM}|an?|the|some|any|loud
    |what [\w ]{3,20} like)(?: |, )(?:(?<!\x1f)[\w'-]+,? ){0,3}?(?:{BLAST})\b(?:,? (?:like|then
    |followed by|and|or) (?:{THE} )?(?:{PART}|{BLAST}))?»
heard | = | denies | \b(?:nobody|no one|none of \w+|never|not|n't|nor|neither)(?: \w+){0,3}? (?:hear
    |heard|hears) «(?:any|an?|the|so much as) {NP}»
heard | = | hear | \b(?:hear|heard|hears|hearing|(?:a)?woke(?:n)?(?: up)? (?:by|to)|startled by|roused by
    |sounded like|sounds like|disturbed by)(?: only| just| what [\w ]{3,20} like
    | nothing but)? «(?:{NUM} )?{NP}(?:,? (?:like|followed by|then) {NP})?»
heard | = |  | \b(?:heard|hears?) (?:was|were|is) «{NP}»
heard | = |  | \b(?:bangs?|noises?|sounds?|blasts?|explosions?|booms?)(?: \w+){0,4} (?:was|were|came from
    |are|is)(?: in fact| actually| only| just| probably| due to| caused by)? «{NP}»(?! heard)
heard | = | event | «\b(?:the )?(?:{ADJ})(?:{HUM})\b(?: (?:of|like|from
    |overhead) ?(?:{NP})?)?»(?= |[.,;!?"]|$)
heard | = | hear | «\b(?:once|twice|three times|thrice|several times|again and again)\b»
heard | = |  | «\b(?:not|no) (?:an? )?(?:explosions?|blasts?|bangs?|shots?|booms?)\b»
heard | = |  | «\b(?:loud |huge |massive |big |muffled |dull |double )+(?:{BLAST})\b»
heard | = |  | \b(?:said|reported|of|two|the) «(?:explosions|bangs|booms|blasts|gunshots
    |shots)»(?! (?:fired|were fired))
heard | = | corrects | «\b{NUMBER} (?:{BLAST})\b»
heard | = |  | «\b(?:{NUM} )?{NP}» (?:was|were|could be|had been|has been|being
    |is) (?:also |clearly |distinctly |later )?(?:heard|audible)
heard | = | hear | \b(?:hear|heard|hears) «(?:nothing|anything|none of it|not a (?:thing|sound)
    |no such thing)»
heard | = |  | «\b(?:no|nor any|not an?) (?:\w+ )?(?:explosions?|blasts?|bangs?|shots?|booms?
    |detonations?|gunfire)\b»
heard | = |  | «\b(?:{THE} |{NUM} )?(?:(?:loud|low|dull|deep|distant|muffled|single|sharp|strange|odd
    |faint|high|metallic|terrible|great|mighty) )+(?:{BLAST}|{HUM}|report|noise|sound)\b(?:,? (?:like
    |then|followed by|and then) {NP})?»
heard | #= |  | «\b(?:an?|one|another|the) (?:(?<!\x1f)[\w'-]+ ){0,2}?(?:explosion|blast|bang|boom
    |detonation|gunshot|thud)\b(?:,? (?:then|and then|followed by) {NP})?»(?! (?:site|crater|wave|radius
    |wall|bags))
heard | = | hear | \b(?:said|say|says|thought|think|believed?|swore|insisted)(?: that)? (?:it|this
    |that) (?:was|had been|sounded like|must have been|might have been) «{NP}»

outcome | = |  | «\b(?:shot|shoot|shooting) (?:it |them |both |one |all )?down(?: {NUM} {ADJ}(?:{CRAFT}
    |{THING}))?»
outcome | = | event | «\b(?:brought|bring|bringing|knocked|taken|took|forced|pulled
    |got) (?:it |them |both |one |all |the {CRAFT} )?(?:down|out of the sky)»|«\b(?:downed|taken out
    |took (?:it|them) out)»
outcome | disabled | event | «\b(?:put out of action|disabl(?:ed?|es|ing)(?: {THE} (?:{THING}|{CRAFT}))?
    |neutrali[sz](?:ed?|ing)|incapacitated|suppressed|rendered (?:harmless|inoperable|useless
    |inoperative)|knocked out|deactivated|immobili[sz]ed|thwarted|repelled|foiled)»
outcome | = | event | «\b(?:intercepted|stopped in (?:its|their) tracks|halted|lost in the \w+
    |at the bottom of {NP}|recovered|retrieved|fished out|recov)\b(?: by {NP})?»
outcome | destroyed | event | «\b(?:destroy(?:ed|s|ing)?|burst (?:in|into|apart|over|on|above)|blown up
    |blew up|blown to pieces|disintegrated|broke (?:up|apart)|wiped out|broke(?:n)? in (?:two|half|three
    |pieces)|obliterated|eliminated|exploded|detonated|burn(?:ed|t) (?:up|out)|annihilated)\b»
outcome | flew_off | event | «\b(?:was|were|has been|have been) (?:never|not)(?: \w+)? (?:found|caught
    |seen again
    |recovered|traced|located|identified)\b»
outcome | = | event | «\b(?:brought|forced|sent|driven) (?:\w+ )?(?:to (?:the )?(?:ground|earth|land)
    |to land|down)|emergency landing|(?:fail(?:ed|s|ing) to|did not|never|unable to) (?:reach|hit|arrive
    |get|find|strike|make it)[^.,;"]{0,30}|{IT} (?:was|were|is|are) (?:stopped|liquidated|rendered \w+|caught
    |dealt with|repulsed|blocked|lost|accounted for|swallowed \w+)|liquidated|snared|trapped|bagged
    |grabbed|entangled»
outcome | captured | event | «\b(?:{NP} )?(?:have |has |had |later |then )*(?:found|recovered|retrieved
    |collected|fished|pulled) (?:it|them|(?:the |an? |one |both |{NUM} )?(?:\w+ ){0,2}?(?:{CRAFT}|{THING}
    |wreck(?:age)?|remains|debris))\b»
outcome | = | event | «\b(?:lost (?:control|height|altitude)|the drones? (?:is|was|lay
    |lies)\b[^.,;"]{3,30}|(?:was|were|is) (?:carried|handed|loaded|towed|taken) (?:off|away|over|to
    |on)[^.,;"]{0,30})\b»
outcome | = | event | «\b(?:the |its |their )?(?:wreck(?:age|s)?|debris|fragments?|remains|pieces|parts
    |shrapnel|carcass|bits)(?: (?:of|from) {NP})? (?:was|were|lay|lies|lie|fell|landed|came|has been
    |have been|had been|are|is|rained|scattered|strewn|found|recovered)(?: (?:\w+ )?(?:found|recovered
    |scattered|strewn|collected|lying|down|shown|spread))?\b»
outcome | fell | event | «\b(?:(?:they|it|both|one|two|all|which|that|the (?:{CRAFT}
    |{THING})) )?(?:had |has |have |then |both |simply |just )?(?:fell|fallen|falling|dropped|dropping
    |crash(?:ed|es|ing)?|falls|drops|comes down|come down|plunges|crash-landed|ended (?:up|its flight
    |their flight)|fetched up|came to (?:rest|grief|earth|ground)|lay|lies|pancaked|flopped|keeled
    |foundered|came down|come down|coming down|comes down|plung(?:ed|ing)|plummet(?:ed|ing)|ditched
    |tumbled|spirall?(?:ed|ing)|nose-?dived|went down|goes down|going down|go down|sank|sunk
    |flattened itself|buried itself|splashed down|down in|toppled)\b(?! (?:ill|silent|short|asleep|behind
    |out with|hints?|charges|fragments|debris|glass|masonry|tiles|splinters))»
outcome | fell | event | «\b(?:their|its|the|whose) (?:fall|crash|descent|plunge)\b»
outcome | fell | event | «\b(?:hit|struck|strike|strikes|went into|drop(?:s|ped)? (?:into|in|behind|onto)
    |fall(?:s)? (?:into|in|on)|came to rest (?:in|on)|ended up (?:in|on)|plopped into) (?:the )?(?:water
    |sea|ground|river|lake|harbour|harbor|bay|waves|surface|earth|mud|sand|deck|grass|field|garden|roof
    |street)»
outcome | fell | event | «\b(?:drop|fall|plunge|crash)\b»(?= (?:behind|into|onto|on|in|from|near|beyond
    |out)\b)
outcome | fell | event | «\b(?:one|two|both|all|three|UAV|drones?|helicopters?|aircraft|planes?|machines?
    |devices?|objects?)(?: \w+)? down\b»(?! (?:to|by|the|at|near|in|over)\b)
outcome | landed | event | «\b(?:land(?:ed|s|ing)(?: safely| intact)?|touched down|set down|alighted)\b»
outcome | flew_off | event | «\b(?:(?:a |the )?(?:second|other|others|third|rest|two others|one|both
    |remaining \w+) )?(?:fl(?:ew|ying|ies|own) (?:off|away|back|out|on\b|home)|turn(?:ed|ing|s) (?:back
    |about|away|round|around|tail)|left (?:the (?:area|scene|airspace|zone|vicinity)
    |on an? \w+(?: (?:heading|course|bearing))?|towards?|to the|in the direction|heading|westwards?
    |eastwards?|northwards?|southwards?)|depart(?:ed|s|ing)|withdrew(?! (?:his|her|its|their|the|that)\b)
    |retreat(?:ed|s|ing)|head(?:ed|ing) (?:off|back|away|out|home)|ma(?:de|kes?) off|got away|get away
    |gets away|escaped|disappear(?:ed|s|ing)?|vanish(?:ed|es|ing)?|was lost|were lost|lost contact
    |went (?:dark|silent|missing)|(?:were|was) gone|lost (?:to|from|behind|among|over|in the direction
    |in) (?:{THE} )?{PART}|lost sight of|(?:driven|chased|scared|frightened|warned|steered|drove
    |chased) (?:off|away|it off|them off)|went (?:away|off|out of sight)|out of sight|no longer (?:seen
    |visible|on radar)|not (?:been )?seen again|sped (?:off|away)|slipped away|moved (?:off|away)
    |drifted (?:off|away)|returned (?:home|to (?!duty|work|service|normal)|whence|over|across)
    |climbed away|veer(?:ed|ing|s)? (?:off|away)|swerv(?:ed|ing) (?:off|away)|bank(?:ed|ing) (?:off|away)
    |peel(?:ed|ing) (?:off|away)|wheel(?:ed|ing) (?:off|away|round)|sheer(?:ed|ing) (?:off|away)
    |recrossed)\b(?: (?:to|over|towards?) {NP})?»
outcome | captured | event | «\b(?:captur(?:ed|es)|impounded|confiscated
    |taken intact|(?:{IT}|wreck\w*|debris) (?:was|were|is|are|has been|have been) (?:seized|secured|taken away
    |in (?:police |our |army )?custody)|(?:was|were) found (?:in|on
    |near|by|intact|floating|beside)|(?:was|were) picked up|is being (?:examined|studied)
    |under examination)\b»
outcome | hit_target | event | «\b(?:(?:the |a |one |both )?(?:{CRAFT}
    |{THING}) )?(?:has |have |had )?(?:hit|hits|struck|strikes|slammed into|slams into|crashed into
    |smashed into|ploughed into|impacted|exploded (?:on|over|against|inside))(?= (?:the|a|an|our|its|his
    |her|one|two|{WORD}))(?! (?:the )?(?:water|sea|ground|river|lake|harbour|bay|by|with|up|back
    |out))(?: {NP})?»
outcome | hit_target | event | «\b(?:the |a |one )?(?:{CRAFT}) (?:hit|hits|struck|strikes|impacts?)\b»
outcome | hit_target | event | \b«(?:has|have|had)? ?(?:hit|struck)»(?= (?:the|a|an|our|its|his|her
    |{WORD})\b)(?! (?:the )?(?:water|sea|ground|river|lake|harbour|bay|by|with|up|back|out))
outcome | = | event | «\b(?:got|get|gets|broke|breaks|slipped|came|went) through\b
    |penetrated (?:the )?\w+|evaded (?:the )?\w+»
outcome | = | event | «\b(?:went|goes|go|gone|flew|tumbled|sailed|slid|rolled|veered
    |drifted) (?:straight |head first |nose first )?(?:into|in among|through) (?:{NP})|(?:hangs?|hanging
    |hung|stuck|lodged|wedged|impaled|floating|lying|sitting|buried|embedded|tangled|caught|draped
    |perched) (?:in|on|from|under|up|across|among|between) {NP}|(?:met|came to|comes to
    |meets?) (?:an? |its |their )(?:\w+ )?(?:end|grief|match|fate)\b»
outcome | = | event | «\b(?:{NUMBER}|both|all|it|they|all of them|most|some|another|the (?:first|second
    |third|other|last)) (?:was|were|had been|has been|is|are) (?:hit|struck|shot|holed|winged|clipped
    |finished|accounted for)\b»(?! by (?:debris|fragments))
outcome | = | event | «\b(?:having )?been (?:hit|struck|shot|holed)\b»(?! by (?:debris|fragments))

place | = | event | \b(?:overflew|overflown|overflying|circled|circling|crossed|crossing|buzzed
    |hovered above) «(?!into\b|from\b){NP}»
aircraft_count | # | event | «\b{NUMBER},? (?:possibly|perhaps|maybe|or|if not) {NUMBER}\b»(?! (?:hours?
    |minutes?|days?|times|people|metres|miles
    |years|weeks))
aircraft_count | # | event | \b(?:count(?:s|ed)?|saw|seen|spotted|tracked|logged|detected) «(?:no )?(?:more
    |fewer|less) than {NUMBER}\b»
aircraft_count | # | event | «\b{NUM}» of (?:"|those|these|the
    |them)(?: ?"?)(?:those |these )?(?:[\w'-]+ ){0,3}?(?:{CRAFT}|{THING}|toys)\b
aircraft_count | # | event | «\b{NUMBER}» (?:that|which) (?:i|we|he|she|they) (?:saw|counted|heard)\b
aircraft_count | several | event | «\b(?:an?|the|whole) (?:[\w'-]+ )?(?:swarms?|flocks?|fleets?|squadrons?
    |clouds? of them)\b»
aircraft_count | 2 | event | «\b(?:a pair|both(?: (?:of them|at once|together))?)\b»(?=[.,;!?"]
    |$| (?:of them|had|have|were|flew|came|went|gone|was
    |left|vanished|got))
aircraft_count | # | event | \b(?:gave|give|gives|giving|names?|cites?|cited|quoted?|mentions?|corrected to
    |replaced with|down to|up to) "?«{NUMBER}\b»(?= as\b|[.,;"]|$)
heard | #= |  | «\b(?:{NUM}|an?|the|another) (?:[\w'-]+,? ){0,3}?(?:crumps?|wallops?|whoosh(?:es)?|whump
    |explosions?|blasts?|bangs?|booms?|thunderclaps?|volleys?
    |salvos?|detonations?|rumbl(?:e|ing)|roar)\b»(?! (?:site|crater|wave|radius))
heard | = | event | «\b(?:{BLAST}s?|{HUM})» (?:was |were )?(?:heard|reported|counted|audible)\b
heard | = | event | «\b(?:the )?(?:noises?|sounds?|bangs?|reports|booms?
    |explosions?)\b[^.;"]{0,40}? (?:originated|stemmed|resulted|c[ao]me) from (?:{NP})»
heard | = | hear | \b(?:hear|heard|hears) «no (?:[\w'-]+ )?[\w'-]+»
outcome | = | event,no_person | «\b(?:lying|lies|lay|sitting|hanging|floating|resting|found) (?:in|on|under
    |among|beside|near) (?:an? |the |our |his |her |its )?
    (?:[\w'-]+ ){0,2}?(?:{PLACEWORD}|nettles|grass|snow|sand|rocks?)\b»
outcome | = | event,no_person | «\b(?:there was no|no) (?:strike|hit|impact|attack|crash) (?:on|at
    |against) (?:{NP})»
outcome | = | event | «\b(?:lifted|fished|hauled|dragged|winched|raised|pulled|dredged|brought up) (?:it
    |them|one|(?:the |an? )?(?:[\w'-]+ ){0,2}?(?:{CRAFT}|{THING}|wreck(?:age)?))
    (?:[^.;,"]{0,40}? (?:from|out of|off) {NP})?»
"""
