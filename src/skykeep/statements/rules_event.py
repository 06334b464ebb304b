"""What is said of the night itself: how many, heard, stopped by what, what became of them, hurt, broken.

One rule a line: `slot | value | needs | pattern`. The passage is what stands between `«` and `»`. Value: `=` the
words, `#` the number in them, `#=` the number and then the words, else as written. Needs: `event` a sentence that
speaks of aircraft, attacks or bangs; `hear` one that speaks of hearing; `log` a line of a log; `hedged`; an act's name.
"""

from __future__ import annotations

EVENT_RULES = r"""
aircraft_count | # |  | «{NUM} {ADJ}(?:{CRAFT})»(?![- ](?:flights?|operators?|pilots?|attacks?|strikes?|years?|missions?)\b)
aircraft_count | # | event | «{NUM} {ADJ}(?:{THING})»(?! of (?:war|view)\b)
aircraft_count | 1 |  | «(?:a|one) (?:single|lone|solitary|small single) {ADJ}(?:{CRAFT}|{THING})»
aircraft_count | # | log | «(?:x ?\d{1,2}|\d{1,2} ?x)\b»(?! (?:car|pc|unit|officers?|pers)\b)
aircraft_count | 2 | log,hedged | «(?:poss(?:ible|ibly)?|maybe|perhaps) (?:a )?(?:2nd|second)\b»
aircraft_count | 2 | event | «\ban? {ADJ}(?:{CRAFT}|{THING})\b[^.;]{0,120}?,? and (?:a|the) second\b»
aircraft_count | # | corrects | «\b(?:there (?:was|were)|it was|they were|we (?:said|counted|saw)|number (?:was|is)|said) (?:only )?{NUMBER}\b[^.;]{0,60}»
aircraft_count | # | event | «\b{NUMBER}(?: of them)?,? (?:and )?not {NUMBER}\b»
aircraft_count | # | corrects | «\b{NUMBER} {ADJ}(?:{CRAFT}|{THING}),? not {NUMBER}\b»
aircraft_count | # | corrects | «\b[^.;]{0,40}said {NUMBER} in error»
aircraft_count | # | event | «\b(?:there (?:was|were)|(?:he|she|they|i|we) (?:saw|counted|spotted)|it was|saw) (?:only |just |at least |about )?{NUMBER}(?: of them)?\b»(?= ?[.,;!?"-]|$| (?:and|but|or)\b)

heard | #= |  | «\b{NUM} (?:(?!{STOP}\b)[\w'-]+,? ){0,3}?(?:explosions?|blasts?|bangs?|booms?|detonations?|gunshots?|cracks?|thuds?|pops|explosive sounds?|loud noises?)\b»
heard | #= | hear | «\b(?:{NUM}|an?|the|some|any|loud|what [\w ]{3,20} like)(?: |, )(?:(?!{STOP}\b)[\w'-]+,? ){0,3}?(?:{BLAST})\b(?:,? (?:like|then|followed by|and|or) (?:{THE} )?(?:{PART}|{BLAST}))?»
heard | = | hear | \b(?:hear|heard|hears|hearing|(?:a)?woke(?:n)?(?: up)? (?:by|to)|startled by|roused by|sounded like|sounds like|disturbed by)(?: only| just| what [\w ]{3,20} like| nothing but)? «(?:{NUM} )?{NP}(?:,? (?:like|followed by|then) {NP})?»
heard | = |  | \b(?:heard|hears?) (?:was|were|is) «{NP}»
heard | = |  | \b(?:bangs?|noises?|sounds?|blasts?|explosions?|booms?)(?: \w+){0,4} (?:was|were|came from|are|is)(?: in fact| actually| only| just| probably| due to| caused by)? «{NP}»(?! heard)
heard | = | event | «\b(?:the )?(?:{ADJ})(?:{HUM})\b(?: (?:of|like|from|overhead) ?(?:{NP})?)?»(?= |[.,;!?"]|$)
heard | = | hear | «\b(?:once|twice|three times|thrice|several times|again and again)\b»
heard | = |  | «\b(?:not|no) (?:an? )?(?:explosions?|blasts?|bangs?|shots?|booms?)\b»
heard | = |  | «\b(?:loud |huge |massive |big |muffled |dull |double )+(?:{BLAST})\b»
heard | = |  | \b(?:said|reported|of|two|the) «(?:explosions|bangs|booms|blasts|gunshots|shots)»(?! (?:fired|were fired))
heard | = | corrects | «\b{NUMBER} (?:{BLAST})\b»

means_of_defeat | net |  | «\b(?:netted|net-?guns?|nets?\b(?! of)|netting|a net\b|by net)»
means_of_defeat | laser |  | «\b(?:by )?(?:a )?(?:high-energy )?lasers?(?: weapons?| beams?)?»
means_of_defeat | = |  | «\b(?:(?:high-power )?microwaves?|(?:birds? of prey|trained (?:eagles?|falcons?))|rammed|hacked|hijacked|(?:cyber )?takeover|took (?:over )?control of (?:it|them|the {CRAFT})|interceptor drones?)»
means_of_defeat | electronic |  | «\b(?:(?:radio-?)?electronic(?:ally)?[- ](?:warfare|counter-?measures?|means|suppression|jamming|interference|attack|systems?|defen[cs]e|weapons?|disruption|jammed)(?: systems?| equipment| means| units?| assets?)?|electronically|EW\b(?: systems?| assets?| means| units?| equipment| complex(?:es)?)?|ECM|REB|(?:radio |GPS |RF |signal |satnav )?jam(?:med|ming|mers?|s)?\b|(?:RF|radio-frequency|radio) (?:effectors?|weapons?|pulses?|interference|link (?:cut|jamm\w+))|spoof(?:ed|ing)|soft-?kill|(?:control |radio |video )?(?:signals?|links?|datalink) (?:was |were |had been )?(?:blocked|cut|disrupted|suppressed|severed|interrupted|taken over)|GPS (?:interference|denial))»
means_of_defeat | radar | event | \b(?:using|involving|by|with|through|thanks to|help of|means of|via|aid of|used) (?:\w+ ){0,4}?«radars?(?: systems?| means| stations?| equipment| units?)?»
means_of_defeat | radar | event | «\bradar systems?\b»
means_of_defeat | projectile |  | «\b(?:shot|shoot|shooting|shoots|gunned|blasted) (?:it |them |one |both |all |two |(?:the|two|three) {CRAFT} )?(?:down|out of the (?:sky|air))|shoot-?down|shot-down»
means_of_defeat | projectile |  | «\b(?:anti-?aircraft|flak|AA)[- ](?:guns?|fire|missiles?|batter(?:y|ies)|artillery|units?|systems?)|(?:surface-to-air|interceptor|guided|air[- ]defen[cs]e|shoulder-fired|ground-to-air|anti-aircraft) (?:missiles?|rockets?|guns?|fire|projectiles?)|SAMs?\b|MANPADS?|interceptor (?:missiles?|rockets?)»
means_of_defeat | projectile |  | «\b(?:fired (?:on|at|upon|a shot|shots|at it|at them|rounds?|a missile|missiles|several)|opened fire|open fire|opening fire|fire (?:was|had been) opened|fired back|engaged with (?:{NP})|(?:aimed|machine-?gun|small-arms|rifle|ground|automatic|cannon|defensive|hostile) fire|by (?:gun|rifle|police |army )?(?:fire|gunfire|bullets?))»
means_of_defeat | projectile |  | «\b(?:firearms?|weapons?|guns?|shots?|rifles?|missiles?|rounds?)(?: (?:was|were|had been|has been|have been|is))?(?: not| never)? (?:discharged|fired|used|loosed)»
means_of_defeat | projectile | event | «\b(?:(?:shot|machine-?|hand|air|water )?guns?|shotgun (?:pellets?|blasts?)|bullets?|buckshot|cannons?|shells?|snipers?|marksm[ae]n|rifle shots?|single shot|crossbow)\b(?! (?:dog|cotton|sal))»
means_of_defeat | projectile | event | «\b(?:(?:hit|struck|destroyed|downed|stopped|intercepted) by (?:an? |the |what \w+ to be )?(?:\w+ ){0,3}?(?:missiles?|rockets?|shells?|bullets?|projectiles?)|by (?:an? )?(?:interceptor|missile|rocket|projectile|shot)s?|(?:{HEDGE} )?(?:an? )?(?:\w+ )?projectiles? from {NP})»
means_of_defeat | projectile | event | «\b(?:air[- ]defen[cs]es?)(?: fire| systems?| units?| forces| batter(?:y|ies)| crews?| troops)?\b»
means_of_defeat | crash |  | «\b(?:(?:just|simply) (?:dropped|fell|came down|crashed|stopped|hit|died|dropped out|gave up)(?: the \w+)?|(?:by|of) (?:itself|its own accord|themselves)|on its own\b|malfunction\w*|(?:technical|mechanical|engine|motor|power|battery|electrical|software) (?:fault|failure|trouble|problems?|defect|error)s?|(?:flat|dead|empty|drained|dying|low) batter(?:y|ies)|batter(?:y|ies) (?:ran out|failed|died|went|gave out|was flat|had died)|(?:ran|run|running) out of (?:fuel|power|battery|charge|juice|petrol)|lost (?:power|control|its link|lift|a rotor|contact with its)|pilot error|operator error|bad weather|(?:strong|gusts? of|high) winds?|icing|bird ?strike)»
means_of_defeat | crash | event | «\b(?:(?:flew|crashed|ran|blew|blundered|blown|drifted|bumped) into|collided with|struck|hit|clipped|snagged (?:on|in)|caught (?:on|in)|tangled in) (?:an? |the |some )?(?:\w+ )?(?:tree|trees|wall|mast|wires?|power lines?|cables?|crane|chimney|lamp ?post|flagpole|antenna|aerial|pylon|branches|scaffolding|steeple|overhead line)s?»
means_of_defeat | unknown |  | «\b(?:(?:the )?cause (?:is |was |remains )?(?:not (?:yet )?(?:known|established|determined|clear)|unknown|unclear)|(?:not|un)(?:yet | )?(?:known|clear) (?:what|why|how) (?:brought|made|caused|it|they|the)[^.,;]{0,40}|(?:do(?:es)?|did) not know (?:what|why|how) (?:brought|made|caused|it|they)[^.,;]{0,40})»
means_of_defeat | = |  | «\bcounter-?(?:drone|UAS|UAV) (?:systems?|equipment|measures?|weapons?)»

outcome | = |  | «\b(?:shot|shoot|shooting) (?:it |them |both |one |all )?down(?: {NUM} {ADJ}(?:{CRAFT}|{THING}))?»
outcome | = | event | «\b(?:brought|bring|bringing|knocked|taken|took|forced|pulled|got) (?:it |them |both |one |all |the {CRAFT} )?(?:down|out of the sky)»|«\b(?:downed|taken out|took (?:it|them) out)»
outcome | disabled | event | «\b(?:put out of action|disabl(?:ed?|es|ing)(?: {THE} (?:{THING}|{CRAFT}))?|neutrali[sz](?:ed?|ing)|incapacitated|suppressed|rendered (?:harmless|inoperable|useless|inoperative)|knocked out|deactivated|immobili[sz]ed|thwarted|repelled|foiled)»
outcome | = | event | «\b(?:intercepted|stopped in (?:its|their) tracks|halted|lost in the \w+|at the bottom of {NP}|recovered|retrieved|fished out|recov)\b(?: by {NP})?»
outcome | destroyed | event | «\b(?:destroy(?:ed|s|ing)?|blown up|blew up|blown to pieces|disintegrated|broke (?:up|apart)|wiped out|obliterated|eliminated|exploded|detonated|burn(?:ed|t) (?:up|out)|annihilated)\b»
outcome | fell | event | «\b(?:(?:they|it|both|one|two|all|which|that|the (?:{CRAFT}|{THING})) )?(?:had |has |have |then |both |simply |just )?(?:fell|fallen|falling|dropped|dropping|crash(?:ed|es|ing)?|crash-landed|came down|come down|coming down|comes down|plung(?:ed|ing)|plummet(?:ed|ing)|ditched|tumbled|spirall?(?:ed|ing)|nose-?dived|went down|going down|sank|splashed down|down in|toppled)\b(?! (?:ill|silent|short|asleep|behind|out|hints?|charges))»
outcome | fell | event | «\b(?:their|its|the|whose) (?:fall|crash|descent|plunge)\b»
outcome | fell | event | «\b(?:hit|struck|strike|strikes|went into|drop(?:s|ped)? (?:into|in|behind|onto)|fall(?:s)? (?:into|in|on)|came to rest (?:in|on)|ended up (?:in|on)|plopped into) (?:the )?(?:water|sea|ground|river|lake|harbour|harbor|bay|waves|surface|earth|mud|sand|deck|grass|field|garden|roof|street)»
outcome | fell | event | «\b(?:drop|fall|plunge|crash)\b»(?= (?:behind|into|onto|on|in|from|near|beyond|out)\b)
outcome | fell | event | «\b(?:one|two|both|all|three|UAV|drones?|helicopters?|aircraft|planes?|machines?|devices?|objects?)(?: \w+)? down\b»(?! (?:to|by|the|at|near|in|over)\b)
outcome | landed | event | «\b(?:land(?:ed|s|ing)(?: safely| intact)?|touched down|set down|alighted|put down)\b»
outcome | flew_off | event | «\b(?:(?:a |the )?(?:second|other|others|third|rest|two others|one|both|remaining \w+) )?(?:fl(?:ew|ying|ies|own) (?:off|away|back|out|on\b|home)|turn(?:ed|ing|s) (?:back|away|round|around|tail)|left (?:the (?:area|scene|airspace|zone|vicinity)|on an?|towards?|to the|in the direction|heading|westwards?|eastwards?|northwards?|southwards?)|depart(?:ed|s|ing)|withdrew|retreat(?:ed|s|ing)|head(?:ed|ing) (?:off|back|away|out|home)|made off|got away|gets away|escaped|disappear(?:ed|s|ing)|vanish(?:ed|es|ing)|lost (?:to|from) (?:view|sight|radar)|lost sight of|(?:driven|chased|scared|frightened|warned|steered|drove|chased) (?:off|away|it off|them off)|went (?:away|off|out of sight)|out of sight|no longer (?:seen|visible|on radar)|not (?:been )?seen again|sped (?:off|away)|slipped away|moved (?:off|away)|drifted (?:off|away)|returned (?:to|home|whence|over|across)|climbed away|recrossed)\b(?: (?:to|over|towards?) {NP})?»
outcome | captured | event | «\b(?:captur(?:ed|es)|seiz(?:ed|es)|impounded|confiscated|secured|taken (?:intact|into custody|away for)|in (?:police |our |army )?custody|(?:was|were) found (?:in|on|near|by|intact|floating|beside)|picked up|is being (?:examined|studied)|under examination)\b»
outcome | hit_target | event | «\b(?:(?:the |a |one |both )?(?:{CRAFT}|{THING}) )?(?:has |have |had )?(?:hit|hits|struck|strikes|slammed into|slams into|crashed into|smashed into|ploughed into|impacted|reached|exploded (?:on|over|against|inside))(?= (?:the|a|an|our|its|his|her|one|two|{WORD}))(?! (?:the )?(?:water|sea|ground|river|lake|harbour|bay|by|with|up|back|out))(?: {NP})?»
outcome | hit_target | event | «\b(?:the |a |one )?(?:{CRAFT}) (?:hit|hits|struck|strikes|impacts?)\b»
outcome | hit_target | event | \b«(?:has|have|had)? ?(?:hit|struck)»(?= (?:the|a|an|our|its|his|her|{WORD})\b)(?! (?:the )?(?:water|sea|ground|river|lake|harbour|bay|by|with|up|back|out))

casualties | 0 |  | «\b(?:no|nil|zero|without(?: causing)?(?: any)?|not any|neither|without)(?: (?:\w+)(?:,| or| and| nor)?){0,4} {HURT}»
casualties | 0 |  | «\b(?:nobody|no[- ]one|none(?: of (?:\w+ ){1,3})?|not (?:one|a|a single) \w+|no (?:\w+ )?(?:{PERSON}))(?: (?:at|in|on|aboard|inside) {NP})?(?: (?:was|were|is|are|got|has|have|had|been|else|reported|to have|seriously|being|gets?))* (?:{HURT}|came to harm|lost)\b»
casualties | 0 |  | «\b(?:(?:own |civilian |staff )?(?:casualties|injuries|victims|cas|injured|fatalities|deaths|wounded|losses|dead|hurt)(?: \w+)? ?[:-]? ?(?:nil|none|zero|0|no)\b|un(?:hurt|harmed|injured|scathed)|admitted no(?: one|body| patients?)|no loss of life|no harm (?:to|came|done)[^.,;]{0,30}|no cas\b|(?:everyone|everybody|all (?:staff|guests|residents|\w+)) (?:is|are|was|were) (?:safe|fine|ok|okay|well|accounted for|unhurt))»
casualties | # hurt |  | «\b(?:{NUM}) (?:(?!{STOP}\b)[\w'-]+ ){0,3}?(?:{PERSON})(?:,? (?!not\b|never\b|nobody\b|no\b)[\w'-]+){0,5}?,? (?:{HURT})\b»
casualties | # hurt |  | «\b(?:{NUM}) (?:(?!{STOP}\b)[\w'-]+ ){0,2}?(?:wounded|injured|hurt|killed|dead|casualties|victims|deaths|injuries|fatalities)\b»
casualties | # hurt |  | «\b(?:an?|one|{NUM}) (?:(?!{STOP}\b)[\w'-]+ ){0,3}?(?:{PERSON})(?: [\w'-]+){0,3}? (?:with|had|has|have|suffer(?:ed|ing|s)|sustain(?:ed|ing)|received|treated for|taken to|twisted|broke|cut|burn(?:ed|t)|grazed|sprained|bruised|in)(?: [\w'-]+){0,6}? (?:injur(?:y|ies)|burns?|burn(?:ed|t) \w+|cuts?|bruis\w+|scratch\w*|graze\w*|wounds?|ankles?|wrists?|arms?|legs?|hands?|heads?|fingers?|faces?|eyes?|ears?|concussion|shock|hospital|fractur\w+|smoke inhalation|splinters?)\b»
casualties | # hurt |  | «\b(?:injur(?:ed|ing)|wound(?:ed|ing)|kill(?:ed|ing)|hurt(?:ing)?) (?:{NUM}) (?:[\w'-]+ ){0,2}?(?:{PERSON})»
casualties | 1 hurt |  | «\b(?:an?|the|his|her|my) (?:(?!{STOP}\b)[\w'-]+ ){0,3}?(?:{PERSON}) (?:was|were|is|has been|had been|got|being) (?:\w+ ){0,3}?(?:{HURT}|treated|taken to (?:the )?hospital)\b»
casualties | unknown |  | «\b(?:no|not)(?: \w+){0,2} (?:word|information|details?|reports?|news)(?: yet)? (?:on|of|about|as to) (?:\w+ ){0,3}?(?:casualties|injuries|victims|the injured)|(?:casualties|injuries|victims) (?:are |were |is )?(?:unknown|unclear|not known|unconfirmed)»
casualties | # | corrects | «\b(?:said )?{NUMBER} (?:\w+ )?(?:hurt|injured|wounded)\b»

damage | none |  | «\b(?:no|nil|without(?: causing)?(?: any)?|not any|neither|little or no|zero)(?: (?:\w+)(?:,| or| and| nor)?){0,5} damage(?:d)?\b»
damage | none |  | «\b(?:undamaged|no (?:oil )?(?:spill(?:age)?|fire|leak|breakage)s?|nothing (?:was |has been |is )?(?:damaged|broken|hit|destroyed|burn(?:ed|t)|scratched)|(?:was|were|is|are) not (?:\w+ )?(?:damaged|affected)|damage ?[:-]? ?(?:nil|none|no)\b|not a (?:single )?(?:window|pane|tile|scratch)[^.,;]{0,30}|intact\b|unscathed)»
damage | some |  | «\b(?:{NUM} )?(?:(?!{STOP}\b)[\w'-]+ ){0,2}?damage(?: (?:to|on|was|were|is|has been) (?:{NP})(?: and {NP})?)?»
damage | = |  | «\b{NP} (?:was|were|had been|has been|have been|is|are|got|being)(?: \w+)? (?:damaged|broken|shattered|smashed|cracked|blown (?:in|out|off)|holed|scorched|burn(?:ed|t)|gutted|set (?:alight|on fire|ablaze)|dented|torn(?: \w+)?|charred|ablaze|on fire|knocked (?:over|down|out)|pierced|punctured|flattened|singed|ripped \w+|without (?:power|electricity|light))\b»
damage | = |  | «\b(?:{NUM} )?(?:broken|shattered|cracked|smashed|blown-out|damaged|scorched|charred|broke|shattering|smashing|cracking|breaking|damaging|singeing|scorching) (?:{NP})»
damage | = |  | «\b(?:(?:{NUM} |{THE} )?(?:[\w'-]+ )?(?:windows?|panes?|glass|roof(?:s|ing)?|tiles?|façade|facade|chimneys?|cars?|fences?|greenhouses?|flagpole|gutters?|slates?|skylights?) (?:broke|shattered|cracked|smashed|collapsed|fell in|lost|gone|blew (?:in|out)|out)\b|caught fire|(?:a |small |brief )+fire(?! brigade| service| engine)|fire broke out|blaze|set fire to [^.,;]+|a (?:\w+ )?(?:hole|crater|dent|crack|scorch mark) in [^.,;]+|holes? in [^.,;]+|power (?:cut|outage)|blackout|debris (?:hit|struck|damaged)[^.,;]+)»
"""
