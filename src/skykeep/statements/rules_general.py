"""What holds in any register: somebody acts, something moves, breaks or is hurt, told by families of words.

These stand last: where a narrower rule has found a passage, they add none. The form is told in `rules`.
"""

from __future__ import annotations

RULES_GENERAL = r"""
aircraft_count | # | event | «\b(?:both|the (?:two|three|four|five|pair)|a pair) (?:of )?{ADJ}(?:{CRAFT}
    |{THING})\b»
aircraft_count | 1 | event | «\b(?:just|only|but|exactly) (?:the )?(?:one|single)\b»
aircraft_count | # | event | «\b(?:an?|the) (?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth
    |further)\b(?: (?:one|{ADJ}(?:{CRAFT}|{THING})))?»(?! (?:time|day|night|hour|half
    |floor|place|reading|update|report|person|man|woman|week|month|year|statement|question|of|party
    |largest))
aircraft_count | # | event | (?<![\w,;:-][ \x1e\x1f])«\b(?!\d){NUMBER}»[.!?]
aircraft_count | # | event | \b(?:there(?:'s| is| are| was| were|'re)|that's|makes (?:it|that)|make (?:it
    |that)|call it|it's|we(?: ha|')ve(?: got)?|i count|we count|can see|i see
    |looks like) (?:only |just |about |maybe |at least )?«{NUM}(?: of them| more| others?)?»(?! (?:people
    |person|hours?|minutes?|days?|men|women|officers|reports?|calls?|years?|metres|of (?:those|us|you)))\b
aircraft_count | # | event | \b(?:counted|seen|spotted|log has|tally of|count of|figure of|total of
    |should (?:therefore )?(?:have been|be|read)|answer (?:is|was)|now|number (?:is|was)|there (?:was|were)
    |it was|it's) (?:only |just |at least |about |perhaps |maybe )?«{NUMBER}»(?=[.;!?"]|$|, (?:not|maybe
    |perhaps)\b)
aircraft_count | several | event | «\b(?:(?:several|many|numerous|a (?:few|handful|number|host|cloud|string)
    of|dozens of|scores of|lots of|a lot of|plenty of|loads of) (?:{ADJ}(?:{CRAFT}|{THING})|of them)
    |more than one|bigger numbers|larger numbers)\b»
aircraft_type | = | event | «\b(?:an?|one|two|some) (?:(?<!\x1f)[\w'-]+,? ){0,4}?
    (?:objects?|shapes?|specks?|dots?|silhouettes?|toys?|gadgets?|contraptions?|models?|machines?
    |rotorcraft|blinkers?|flyers?|flying \w+|apparatus|hovercraft|kit|quads?|propellers?|rotors?|buzzers?
    |eyes? in the sky|fireworks?|flares?|meteors?|stars?|planets?|comet|satellites?|saucers?)\b(?: (?:with
    |of|about|like|carrying|the size of) {NP})?»
heard | #= | event | «\b(?:an?|the|one|two|three|four|several|some|{NUM}) (?:[\w'-]+,? ){0,3}?(?:bangs?
    |thumps?|thuds?|crash(?:es)?|clatter|clang|clank|crack(?:s|ling)?|rattl(?:e|ing)|whirr?(?:ing)?|whin
    (?:e|ing)|buzz(?:ing)?|humm?(?:ing)?|dron(?:ing|e noise)|roar(?:ing)?|rumbl(?:e|ing)|hiss(?:ing)?
    |whistl(?:e|ing)|scream(?:ing)?|screech(?:ing)?|squeal(?:ing)?|shriek(?:ing)?|racket|din|noise|sound
    |throbb?(?:ing)?|purr(?:ing)?|growl(?:ing)?|splash|snap(?:ping)?|smack|slap|bump|slam|pop(?:ping)?
    |sputter(?:ing)?|chugging|moan(?:ing)?|echo|boom(?:s|ing)?|explosions?|blasts?|detonations?
    |gunshots?)\b(?: (?:like|of|as of|from|as if|overhead|above) (?:{NP})?)?»(?! (?:of (?:video|film)
    |at (?:the )?goal))
heard | = | event | «\b(?:hear|heard|hears|hearing|listened to) (?:it|them|that|this|one|two|nothing
    |something|everything|anything|neither|both|{NP})(?: (?:twice|once|again|three times|overhead|coming|go
    |going|come|fall))?\b»
heard | = | event | «\b(?:sound(?:s|ed|ing)?|noise) (?:just |exactly |rather |a bit |more |very much )?
    (?:like|of) (?:{NP})»
outcome | = | event,no_person | (?:^|\b(?:and|then|which|that|who)
    |,) «(?:{AUX})*(?:{ADV})?(?:{MOTION}) (?:\w+ )?
    {AWAY}\b(?: {NP})?»
outcome | = | event,no_person | «\b(?:{IT}|something|(?:one|its
    |a) wing) (?:{AUX})*(?:{ADV})?(?:{MOTION}) (?:\w+ )?{AWAY}\b
    (?: {NP})?»
outcome | = | event,no_person | «\b{IT} (?:{AUX})+(?:{ADV})?(?:down(?:ed)?|shot|hit|stopped|halted|caught
    |netted|taken|grabbed|trapped|snared|recovered|found|lost|destroyed|annihilated|disabled|silenced
    |neutrali[sz]ed|felled|bagged|brought|forced|knocked|captured|seized|intercepted
    |out of action|dead|gone|intact|in pieces|broken|wrecked|smashed|undamaged)\b[^.;,"]{0,40}»
outcome | = | event,no_person | «\b{IT} (?:{AUX})*(?:{ADV})?(?:escaped|vanished|disappeared|landed|crashed
    |strayed|drowned|sank|perched|stuck|lodged|died|gave up|got through)\b[^.;,"]{0,40}»
outcome | fell | event | «\b(?:debris|wreckage|fragments?|remains|parts|pieces|bits|shards|rotors?
    |shrapnel)\b[^.;,"]{0,30}?(?:fell|landed|came|lay|lies|rained|dropped|scattered|strewn|found|hit|struck
    |ended|floated|washed)\b[^.;,"]{0,30}»
outcome | = | event | «\b(?:minus|already|plus|that makes|total(?: for the night)?:?) {NUMBER}\b(?: (?:down
    |gone|fewer))?»
outcome | = | event | «\b(?:stopp?(?:ed|ing) short of|fell short of|f(?:ell|alling) wide|missed|f(?:ailed
    |ailing) to reach|did not (?:reach|get|arrive|make)|never (?:reached|arrived|got|made)|short of
    |lost (?:orientation|its way|their way|its bearings|their bearings)|direct hit on|scored a hit|hits? on
    |got as far as|no (?:further|nearer) than)\b[^.;,"]{0,40}»
outcome | = | event,no_person | «\b(?:it|one|both|they|{NP}) (?:is|was|were|are|lay|lies|sat|sits|hung
    |hangs|floated|floats|stayed|remains?|rests?) (?:now |still |there |later )?(?:in|on|under|at|among
    |beneath|inside) (?:the|a|an|our|its|his|her|police) (?:(?<!\x1f)[\w'-]+ ){0,2}?(?:water|river|lake|sea
    |mud|grass|ground|roof|net|tree|trees|branches|ditch|field|pitch|yard|garden|canal|moat|pond|reservoir
    |basin|road|car park|deck|hands|custody|bag|box|evidence|laboratory|pieces|bottom|wreckage|stand)\b»
outcome | = | event | «\b(?:the |its |their )?(?:crash|impact|downing|shooting-?down|shoot-?down
    |interception|capture|seizure|recovery|landing|destruction|loss|disappearance|escape|fall) of (?:{NP})»
means_of_defeat | = | event | «\b(?:threw|thrown|throwing|kicked|headed|swatted|batted|lassoed|hosed|caught
    |hit|struck|knocked) (?:it |them |one |the {CRAFT} )?(?:down )?(?:with|by
    |using) (?:an? |the |his |her |their )?{NP}»
means_of_defeat | crash | event | «\b(?:clipped|flew into|ran into|collided with|caught|snagged|touched
    |brushed|fouled) (?:an? |the |one of |some |its )?
    (?:(?<!\x1f)[\w'-]+ ){0,3}?(?:{BUILT}|cliff|rock|hillside|each other|one another)\b»
means_of_defeat | electronic | event | «\b(?:radio|signals?|links?|frequenc(?:y|ies)|channels?|controls?
    |satellite|navigation|GPS|Wi-?Fi|video feed)\b[^.;,"]{0,25}? (?:jam\w*|block\w*|cut|drown\w*|swamp\w*
    |lost|los[et]|drop\w*|interrupt\w*|suppress\w*|interfer\w*|scrambl\w*|spoof\w*|took over|taken over
    |broke\w*|sever\w*)\b»
means_of_defeat | electronic | event | «\b(?:jammers?|jammed|jamming|counter-?drone|anti-?drone|C-?UAS
    |spoof\w*|electromagnetic|electronic(?:ally)?|suppression|signal)\b(?: (?:{NP}))?»
means_of_defeat | net | event | «\b(?:in|by|with|into|under|using
    |from) (?:an? |the |his |her |fishing |goal |cargo )*(?:nets?|netting|mesh|tarpaulin|blanket|coat)\b»
means_of_defeat | crash | event | «\b(?:wind|gusts?|squall|storm|rain|hail|lightning|ice|frost|cold|fog
    |battery|motor|rotor|propeller|fault|failure|defect|malfunction|low power|no power|out of (?:power
    |charge|battery|range|fuel))\b»(?= (?:took|brought|caught|forced|drove|blew|failed|died|gave|stopped
    |ran|went|had|was|knocked|[.,;]))
casualties | = | event | «\b(?:{NP} )?(?:{AUX})*(?:{ADV})?(?:[\w'-]+ ){0,2}?(?:{INJURED})\b(?:[ ,]+
    [\w'-]+){0,4}?[ ]{BODY}\b»
casualties | = | event | «\b(?:an? |the |his |her |one )?(?:[\w'-]+ ){0,2}?(?:{INJURED}) {BODY}\b»
casualties | 0 | event | «\b(?:all|everyone|everybody|every (?:one|soul|\w+)|both|nobody|no one|none|no
    |neither|not)\b[^.;,"]{0,40}?(?:safe(?:ly)?|well|unhurt|unharmed|uninjured|unscathed|accounted for
    |alive|harm|hurt|injur\w+|wounded|casualt\w+|victims?|killed|died|the worse|a scratch|ill effects
    |needed (?:treatment|hospital|a doctor))\b»
casualties | # hurt | event | «\b(?:{NUM}|an?|the|another) (?:[\w'-]+ ){0,3}?{ANYONE}
    (?:,? [\w'-]+){0,4}?,? (?:{AUX})*(?:{ADV})?(?:injured|wounded|hurt|killed|burn(?:ed|t)|bruised
    |concussed|grazed|scratched|cut|scalded|deafened|stunned|shocked|winded|fainted|collapsed|died|bitten
    |bleeding|in shock|unconscious|(?:taken|gone|went|carried|rushed|sent|admitted|driven
    |off) to (?:the )?(?:hospital|infirmary|clinic|sickbay)|in hospital|treated|pulled (?:out|from)|dug out
    |freed from)\b[^.;,"]{0,40}»
casualties | 1 hurt | event | «\b(?:[\w'-]+ )?{ANYONE} (?:injured|wounded|hurt|killed|burn(?:ed|t)|dead
    |struck|bruised)\b»
casualties | # hurt | event | «\b(?:gone|went|going|taken|carried|sent|driven|admitted|off
    |rushed) to (?:the |an? )?(?:\w+ )?(?:hospital|infirmary|clinic|sickbay|surgery|doctor)\b[^.;,"]{0,40}»
casualties | # hurt | event | «\b(?:life|lives) (?:is|are|was|were)(?: not| no longer)? (?:in|at
    |out of) (?:danger|risk)\b|\b(?:is|was|are|were|remains?) (?:out of danger|critical|stable|comfortable
    |recovering|sitting up|in (?:intensive care|surgery|theatre))\b»
casualties | # hurt | event | «\b(?:the )?(?:injured|wounded|dead|hurt|casualties|victims|toll) (?:at|is
    |are|was|were|to|as|number(?:s|ed)?|now|stands? at|:) {NUM}\b»
casualties | = | event | «\b(?:wounded|injured|hurt|burn(?:ed|t)|cut|hit|struck|bruised|grazed) (?:in|on|by
    |about) (?:the|his|her|their|both|flying|falling|broken) [^.;,"]{2,30}»
casualties | = | event | «\b(?:first aid|stretchers?|ambulances? (?:took|carried|for)|smoke inhalation
    |cuts and bruises|minor injuries|shock)\b»
damage | none | event | «\b(?:no|nothing|none|neither|not an?|nor|never|without|hardly an?)\b
    (?: [\w'-]+){0,5}? (?:{BROKEN})\b»(?! (?:the|an?|its|our) )
damage | none | event | «\b(?:(?:the|his|her|our|its|their|all|every|both) )?(?:[\w'-]+ ){0,3}?
    (?:{BUILT})(?: (?:of|at|in|on) {NP})? (?:is|are|was|were|remains?|stands?|stayed)(?: all| both| quite
    | perfectly| still| otherwise)? (?:{WHOLE})\b»
damage | none | event | «\b(?:destruction|damage|breakage)s? (?:is|are|was|were) (?:absent|nil|none|minimal
    |slight|lacking)\b|\b(?:no|without|any|free of) (?:\w+ )?(?:destruction|breakages?|fires?|leaks?
    |spill(?:age)?s?)\b»
damage | = | event | «\b(?:{NUM} |{THE} |most of (?:the|its) )?(?:(?<!\x1f)[\w'-]+ ){0,3}?(?:{BUILT})
    (?: (?:of|in|at|on|near|by) (?:{NP}))? (?:{AUX})*(?:{ADV})?(?:{BROKEN})\b[^.;,"]{0,30}»
damage | = | event | «\b(?:{BROKEN}) (?:to )?(?:{NUM} |{THE} |part of {THE} )?(?:(?<!\x1f)
    [\w'-]+,? ){0,3}?(?:{BUILT})\b(?: (?:of|in|at|on) {NP})?»
damage | = | event | «\b(?:{NUM} |an? |the |some |no )?(?:[\w'-]+ ){0,2}?(?:{SCAR}) (?:in|on|to|at|through
    |across|along|of|near|inside|by) (?:{NP})»
damage | = | event | «\b(?:it|that|which)(?:'s| is| was| has been) (?:still )?(?:burning|smouldering
    |smoking|alight|ablaze|leaking|on fire)\b[^.;"]{0,40}»
damage | = | event | «\b(?:the )?(?:burnt|burned|damaged|scorched|affected|flooded) (?:area|part|section
    |wing|floor|ground)\b[^.;,"]{0,40}»
damage | = | event,no_person | «\b{NP} burns?\b(?: (?:in|at|on|near) {NP})?»
damage | = | event | «\b(?:hit|hits|struck|strikes|went through|came through|crashed into|smashed into
    |slammed into|ran into|fell through|clipped|set light to|set fire to) (?:{THE} )?
    (?:(?<!\x1f)[\w'-]+ ){0,4}?(?:{BUILT})\b»
attribution | = | event | «\b(?:{NP}'s?)» (?:own )?(?:doing|work|handiwork|fault|hand|plot|scheme
    |idea of a joke|provocation|machines?|drones?)\b
attribution | = | event | «\b(?:the )?{NP}'s (?:doing|handiwork|fault)\b»
attribution | = | event | \b(?:borne|shouldered|carried|owned) (?:entirely |solely )?by «{NP}(?: of {NP})?»
attribution | = | event | \b(?:holds?|held|holding|finds?
    |makes?) «{NP}» (?:fully |solely |directly |wholly |entirely )?(?:responsible|answerable|accountable
    |liable|guilty|to blame)
attribution | = | event | «\b{NP}»,? (?:(?:which|who|that) )?(?!(?:has|have|had) (?:{ADV})?\w+ed\b)
    (?:{AUX})+(?:{ADV})?(?:accused|blamed|suspected|named|charged|implicated|fingered|behind|responsible
    |answerable|to blame|guilty|at fault)\b
attribution | = | denies,event | «\b(?:no|none of|not one of|neither of|not a single)(?! (?:one|doubt
    |person|injur))[^.;"]{0,30}? (?:{CRAFT}|{THING}|kites?)\b(?! (?:may|shall|will|can|must|were seen
    |was seen))[^.;"]{0,30}?(?:flew|flown|flies|took off|left|crossed|was up|were up|was (?:in|on|over|near
    |aloft|airborne)|were (?:in|on|over|near|aloft|airborne)|operated|took part|belong\w*|of ours)\b
    [^.;"]{0,40}»
attribution | = | denies,event | «\b(?:none of|no|not one of|never|nor|neither)\b[^.;"]{0,30}? (?:own(?:s
    |ed)?|possess(?:es|ed)?|operate[sd]?|keeps?|kept|flew|flown|sent|launched|had anything|has anything
    |part in|hand in|to do with)\b[^.;"]{0,40}»
attribution | = | denies,event | «\b(?:(?:the |this |that |any |such )?(?:charges?|accusations?
    |allegations?|claims?|suggestions?|ideas?|story|stories|notion|insinuations?)\b[^.;"]{0,20}?)?
    (?:an? )?(?:slander|libel|lie|lies|nonsense|absurd|baseless|groundless|unfounded|invention|invented
    |fabricat\w+|rubbish|ridiculous|outrageous|preposterous|untrue|smear|fairy ?tale|fantasy|made up)\b»
attribution | unknown | event | «\b(?:has|have|had|is|was|been)(?: not|n't) (?:been )?(?:claimed|admitted
    |attributed|owned up to|laid at)\b[^.;"]{0,30}»
attribution | = | event | \b(?:arrest(?:ed|ing)?|detain(?:ed|ing)?|charg(?:ed|ing)|question(?:ed|ing)|fin
    (?:ed|ing)|suspects?|caught|traced to|registered to) «(?:an?|two|three|the) (?:
    [\w'-]+ ){0,4}?{ANYONE}(?: (?:from|of|aged|with) {NP})?»
attribution | = | event | «\b(?:i|he|she|we|they|{NP}),? (?:(?:who|which) )?(?:{AUX})*(?:{ADV})?(?:fl(?:y
    |ew|own|ying|ies)|launch(?:ed|ing|es)?|sen[dt]|sending|operat(?:e|ed|ing|es)|pilot(?:ed|ing)|steer(?:ed
    |ing)|control(?:led|ling|s)?|own(?:s|ed)?|bought|borrowed|brought|built|let (?:off|go)|lost control of
    |put up|sent up) (?:(?:{THE} )?(?:[\w'-]+ ){0,3}?(?:{CRAFT}|{THING}|toy|model|kite)\b|it\b|them\b)
    [^.;,"]{0,30}»
attribution | = | event | «\b(?:pleaded|pleads|plead|confess(?:es|ed)?|own(?:s|ed) up|convicted
    |acquitted) (?:not )?(?:guilty|to )?[^.;,"]{0,40}»
attribution | = | event | «\b{NP}'s (?:[\w'-]+ )?(?:{CRAFT})\b»
attribution | = | event | \b(?:{CRAFT}|{THING}) (?:belonging to|owned by|registered to|flown by|sent by
    |launched by|operated by|run by) «{NP}»
motive | = | event | «\b(?:deliberate(?:ly)?|intentional(?:ly)?|accidental(?:ly)?|on purpose|by (?:accident
    |mistake|chance)|planned|premeditated|co-?ordinated|malicious(?:ly)?|hostile|harmless|innocent(?:ly)?
    |reckless(?:ly)?|criminal|terrorist|political|commercial)\b(?: {NP})?»
motive | = | event | «\b(?:out of|for|from|in) (?:sheer |pure |simple |idle )?(?:fun|a laugh|a lark|a bet
    |kicks|curiosity|boredom|spite|malice|anger|protest|revenge|jest|money|profit|practice|pleasure|sport
    |show|publicity|love|fear|research|science|art|charity|training|a (?:better )?(?:view|look|film
    |photograph|picture))\b»
motive | = | event | «\b(?:was|were|is|are|been|be|merely|only|just
    |simply) (?:only |just |merely |simply )?(?:film|photograph|survey|inspect|deliver|map|spray|follow
    |watch|spy|test|practis|practic|train|play|show|advertis|protest|demonstrat|count|measur|track|look
    |search|collect|drop|smuggl|rac|monitor|scout|reconnoit)(?:m|p|l|t)?ing\b(?! (?:from|out of|like))
    [^.;,"]{0,40}»
motive | = | event | «\bwith the (?:sole |express |clear )?(?:goal|aim|purpose|intention|intent|object
    |idea) of\b[^.;"]{3,60}»
motive | = | event | «\b(?:an?|the|this|that|these|its|their|his|such|another|some|mere|pure) (?:
    [\w'-]+ ){0,2}?(?:{DEED})\b(?: (?:on|against|at|upon|to|by|in|for|over) [^.;,"]{3,40})?»(?! (?:site
    |station|system))
motive | = | event | «\b(?:at|for|as|by|on|out of|in|of) (?:(?:an?|the) )?(?:[\w'-]+ )?(?:{DEED})\b»
motive | = | event | «\b(?:trying|tried|attempt(?:s|ed|ing)?|meant|intended|aim(?:s|ed|ing)?|hop(?:es|ed
    |ing)|wanted|wanting|want|sought|supposed|designed|there|flown|sent|used|out) to(?:hit|strike|kill|harm
    |hurt|attack|bomb|destroy|wreck|ruin|spoil|frighten|scare|provoke|test|probe|spy|watch|film|photograph
    |deliver|drop|smuggle|bring|get|disrupt|stop|delay|embarrass|intimidate|humiliate|distract|warn
    |penetrate|enter|cross|find|look|measure|advertise|amuse|annoy|sabotage|damage|draw|make|show|prove|see
    |win)\b[^.;"]{0,60}»
motive | = | event | «\b(?:carr(?:y|ied|ying)|contained|containing|loaded|laden|packed|armed
    |fitted|rigged|slung|bearing|bore|towing|trailing|dangling) (?:with |under it |beneath it )?
    (?:{THE} |{NUM} )?(?:[\w'-]+ ){0,3}?(?:bombs?|grenades?|charges?|explosives?|warheads?|munitions?
    |weapons?|payloads?|packages?|parcels?|bags?|boxes|phones?|telephones?|drugs|tobacco|cigarettes
    |cannabis|knives|money|leaflets?|banners?|flags?|paint|tape|letters?)\b»
target | = | event | \b(?:strik(?:e|ing)|attack(?:ing)?|bomb(?:ing)?|stopped short of|attempts? (?:on
    |against|at)|raids? (?:on|against)|strikes? (?:on|at|against)|attacks? (?:on|against)|assaults? on
    |aimed (?:at|for|against)|sent (?:at|towards?|against)|directed (?:at|against)|launched (?:at|against)
    |bound for|making for|headed for|heading (?:straight )?for|closing on|homing in on) «{NP}(?: of {NP})?»
whereabouts | = | principal | «\b(?:i'm|i am|i was|i've been|we are|we're|i've gone|i have gone|he's|she's
    |he'd|she'd|has gone|had gone|is back|was back) (?:not |still |back |safe |now )?(?:at|in|to|on|with
    |here|home|abroad|away|outside|inside)\b[^.;,"]{0,40}»
whereabouts | = | principal | «\b(?:was|is|were|had been|has been) (?:on (?:leave|holiday|duty|tour|his way
    |her way)|off duty|elsewhere|overseas|at (?:his|her|their|a|the) \w+|in (?:his|her|their|bed|town
    |residence))\b[^.;,"]{0,30}»
footage | = | event | «\b(?:{THE} |some |my |our )?(?:[\w'-]+ ){0,3}?(?:{SHOW}|cameras?|satellite (?:frame
    |image|photograph|picture)s?|frames?|snaps?|selfies?|live ?streams?)\b(?:,? (?:of|from|by|taken|shot
    |that|which|who|showing|shows?|is|are|was|were|has|have|on|in|at|with|sent|posted|shared|caught|picked
    |recorded|captured)\b[^.;"]{2,80})»
footage | = | footage | «\b(?:{THE} |some |my |our |no |any )?(?:[\w'-]+ ){0,2}?(?:{SHOW}|replays?
    |recordings?|webcams?|bodycams?|doorbell|satellite (?:frame|image|photograph|picture)s?
    |selfies?|live ?streams?)\b[^.;"]{0,60}»
footage | = | event | «\b(?:film(?:s|ed|ing)?|photograph(?:s|ed|ing)?|videoed|video(?:ing)?|record(?:ed|ing
    |s)|snapp(?:ed|ing)|livestream(?:ed|ing)) (?:it|them|the|an?|from|on|by|two|both|one|that|this)\b
    [^.;"]{0,60}»
place | = | event | \b(?:enter(?:ed|ing|s)?|reach(?:ed|ing|es)?|cross(?:ed|ing|es)|circl(?:e|es|ed|ing)
    |approach(?:ed|ing|es)?|overfl\w+|buzz(?:ed|ing)|skirt(?:ed|ing)|struck) «(?:the|a|an|our|its|his|her
    |their) (?:(?<!\x1f)[\w'-]+ ){0,3}?(?:{PLACEWORD})\b»
place | = | event | «(?:(?-i:[A-Z][a-z])[\w'-]+ ){1,3}(?-i:Gaol|Prison|Castle|Street|Lane|Road|Park|Bridge
    |Square|Dam|Airport|Harbour|Port|Island|Bay|Hall|Palace|Tower|Station|Stadium|Hospital|School|Church
    |Cathedral|Mill|Works|Refinery|Plant|Market|Quay|Pier|Docks?|Wharf|Canal|River|Lake|Wood|Forest|Beach
    |Terminal|Barracks|Depot|District|Province|Valley|Avenue|Terrace|Gate|Reservoir|Runway)\b»(?!'s| (?-i:
    [A-Z]))
"""
