"""What stopped them, and who was hurt.

The form of a rule is told in `rules`.
"""

from __future__ import annotations

RULES_HARM = r"""
means_of_defeat | net |  | «\b(?:netted|net-?guns?|nets?\b(?! of)|netting|a net\b|by net)»
means_of_defeat | laser |  | «\b(?:by )?(?:a )?(?:high-energy )?lasers?(?: weapons?| beams?)?»
means_of_defeat | = |  | «\b(?:(?:high-power )?microwaves?|(?:birds? of prey|trained (?:eagles?
    |falcons?))|rammed|hacked|hijacked|(?:cyber )?takeover|took (?:over )?control of (?:it|them
    |the {CRAFT})|interceptor drones?)»
means_of_defeat | electronic |  | «\b(?:(?:radio-?)?electronic(?:ally)?[- ](?:warfare|counter-?measures?
    |means|suppression|jamming|interference|attack|systems?|defen[cs]e|weapons?|disruption
    |jammed)(?: systems?| equipment| means| units?| assets?)?|electronically|EW\b(?: systems?| assets?
    | means| units?| equipment| complex(?:es)?)?|ECM|(?:radio |GPS |RF |signal |satnav )?jam(?:med|ming
    |mers?|s)?\b|(?:RF|radio-frequency|radio) (?:effectors?|weapons?|pulses?|interference|link (?:cut
    |jamm\w+))|spoof(?:ed|ing)|soft-?kill|(?:control |radio |video )?(?:signals?|links?
    |datalink) (?:was |were |had been )?(?:blocked|cut|disrupted|suppressed|severed|interrupted
    |taken over)|GPS (?:interference|denial))»
means_of_defeat | radar | event | \b(?:using|involving|by|with|through|thanks to|help of|means of|via
    |aid of|used) (?:\w+ ){0,4}?«radars?(?: systems?| means| stations?| equipment| units?)?»
means_of_defeat | radar | event | «\bradar systems?\b»
means_of_defeat | = |  | «\b(?:shot|shoot|shooting|shoots) (?:it |them |one |both |all |two |(?:the|two
    |three) {CRAFT} )?(?:down|out of the (?:sky
    |air))|shoot-?down|shot-down»
means_of_defeat | projectile |  | «\b(?:anti-?aircraft|flak|AA)[- ](?:guns?|fire|missiles?|batter(?:y
    |ies)|artillery|units?|systems?)|(?:surface-to-air|interceptor|guided|air[- ]defen[cs]e
    |shoulder-fired|ground-to-air|anti-aircraft) (?:missiles?|rockets?|guns?|fire|projectiles?)|SAMs?\b
    |MANPADS?|interceptor (?:missiles?|rockets?)»
means_of_defeat | projectile |  | «\b(?:fired (?:on|at|upon|a shot|shots|at it|at them|rounds?|a missile
    |missiles|several)|opened fire|open fire|opening fire|fire (?:was|had been) opened|fired back
    |engaged with (?:{NP})|(?:aimed|machine-?gun|small-arms|rifle|ground|automatic|cannon|defensive
    |hostile) fire|by (?:gun|rifle|police |army )?(?:fire|gunfire|bullets?))»
means_of_defeat | projectile |  | «\b(?:firearms?|weapons?|guns?|shots?|rifles?|missiles?
    |rounds?)(?: (?:was|were|had been|has been|have been|is))?(?: not| never)? (?:discharged|fired|used
    |loosed)»
means_of_defeat | projectile | event | «\b(?:(?:shot|machine-?|hand|air|water )?guns?|shotgun (?:pellets?
    |blasts?)|bullets?|buckshot|cannons?|shells?|snipers?|marksm[ae]n|rifle shots?|single shot
    |crossbow)\b(?! (?:dog|cotton|sal))»
means_of_defeat | projectile | event | «\b(?:(?:hit|struck|destroyed|downed|stopped
    |intercepted) by (?:an? |the |what \w+ to be )?(?:\w+ ){0,3}?(?:missiles?|rockets?|shells?|bullets?
    |projectiles?)|by (?:an? )?(?:interceptor|missile|rocket|projectile|shot)s?
    |(?:{HEDGE} )?(?:an? )?(?:\w+ )?projectiles? from {NP})»
means_of_defeat | projectile | event | «\b(?:air[- ]defen[cs]es?)(?: fire| systems?| units?| forces
    | batter(?:y|ies)| crews?| troops)?\b»
means_of_defeat | crash |  | «\b(?:(?:just|simply) (?:dropped|fell|came down|crashed|stopped|hit|died
    |dropped out|gave up)(?: the \w+)?|(?:by|of) (?:itself|its own accord|themselves)|on its own\b
    |malfunction\w*|(?:technical|mechanical|engine|motor|power|battery|electrical|software) (?:fault
    |failure|trouble|problems?|defect|error)s?|(?:flat|dead|empty|drained|dying|low) batter(?:y|ies)
    |batter(?:y|ies) (?:\w+ )?(?:caught fire|catch(?:es)? fire|exploded|overheat\w+|burn\w*|ran out
    |failed|died|went|gave out|was flat|had died)|(?:ran|run|running) out of (?:fuel|power|battery|charge
    |juice|petrol)|lost (?:power|control|its link|lift|a rotor|contact with its)|pilot error
    |operator error|bad weather|(?:strong|gusts? of|high) winds?|icing|bird ?strike)»
means_of_defeat | crash | event | «\b(?:(?:flew|crashed|ran|blew|blundered|blown|drifted|bumped) into
    |collided with|struck|hit|clipped|snagged (?:on|in)|caught (?:on|in)
    |tangled in) (?:an? |the |some )?(?:\w+ )?(?:tree|trees|wall|mast|wires?|power lines?|cables?|crane
    |chimney|lamp ?post|flagpole|antenna|aerial|pylon|branches|scaffolding|steeple|overhead line)s?»
means_of_defeat | unknown |  | «\b(?:(?:the )?cause (?:is |was |remains )?(?:not (?:yet )?(?:known
    |established|determined|clear)|unknown|unclear)|(?:not|un)(?:yet | )?(?:known|clear) (?:what|why
    |how) (?:brought|made|caused|it|they|the)[^.,;]{0,40}|(?:do(?:es)?|did) not know (?:what|why
    |how) (?:brought|made|caused|it|they)[^.,;]{0,40})»
means_of_defeat | projectile |  | «\b(?:(?:with|by|using|of) )?(?:small arms|rifles?|shotguns?|pistols?
    |muskets?|automatic weapons?|carbines?|hunting rifle|a (?:single )?(?:bullet|volley)
    |catapult|slingshot|autocannons?|howitzers?|flak|ordnance|live (?:rounds|ammunition)|kinetic (?:means
    |effectors?|weapons?|interceptors?))\b»
means_of_defeat | projectile |  | «\b(?:(?:nobody|no one|never|not|did not|didn't|has|have|had|was|were
    |who)(?: \w+)? (?:fired?|shot|firing|shooting|opened fire)|shots? (?:rang out|were|was|had)
    |took (?:a )?(?:shot|aim)|hit (?:it|them) with)\b(?! (?:from (?:his|her)))»
means_of_defeat | electronic |  | «\b(?:radio-?electronic (?:warfare|struggle|combat|suppression|means
    |fight)|(?:lost|losing|loss of) (?:its |their |the )?(?:signals?|link|connection|guidance|navigation)
    |(?:signals?|controls?|navigation|guidance)(?: \w+){0,3} (?:disrupted|suppressed|jammed|blocked|cut
    |overridden|taken over|lost|interfered)|electronic (?:equipment|gear|net|shield|fence|box(?:es)?|gun)
    |jamming (?:equipment|devices?|guns?|signals?)|radio (?:interference|waves?|silence|means)
    |interference\b|non-kinetic(?: means)?|without (?:a|firing a|a single) shot|soft means
    |invisible means)»
means_of_defeat | crash |  | «\b(?:fell (?:out of the (?:sky|air)|down|from the sky) (?:by|of|on|without
    |all)|(?:no|without) (?:any )?(?:help|outside (?:help|influence|interference))|wore out|gave (?:out
    |up)|conked out|cut out|came (?:apart|to pieces)|broke (?:apart|up) (?:in|by)|fell apart|stalled
    |(?:lost|losing) (?:height|altitude|power|its way)|(?:hit|struck|brushed|met|touched|caught
    |clipped) (?:an? |the |some )?(?:\w+ )?(?:tree|flagpole|steeple|chimney|mast|spire|wire|line|cable
    |branch|bough|rook|gull|bird|lamp|kite string)s?)\b»
means_of_defeat | unknown |  | «\b(?:what|how|why|which|whatever)(?: \w+){0,2} (?:brought|felled|downed
    |stopped|made|caused|destroyed|fell|came down|hit|knocked|ended|happened to
    |crashed)(?: \w+){0,4}? (?:is|was|are|remains?|stays?)(?: \w+)? (?:not (?:yet )?(?:known|clear
    |certain|established)|unknown|unclear|open|a mystery|uncertain|disputed|being \w+|under investigation
    |anyone's guess)\b[^.;"]{0,20}»
means_of_defeat | unknown |  | «\b(?:not|never|nor|n't|neither|without)(?: \w+){0,3} (?:say(?:ing)?|know
    |explain|said|disclose|specify|clear|known) (?:how|what|why) (?:it|they|the
    |both)(?: \w+){0,4} (?:brought|felled|downed|stopped|made|fell|came down|destroyed|disabled|fall
    |down)[^.,;"]{0,20}»
means_of_defeat | = |  | «\bcounter-?(?:drone|UAS|UAV) (?:systems?|equipment|measures?|weapons?)»
means_of_defeat | = | event,not_own | \b(?:(?:brought|shot|taken|forced|knocked) (?:\w+ )?down|downed
    |stopped|destroyed|disabled|felled|intercepted|knocked out|neutrali[sz]ed|defeated|dealt with
    |put out of action|suppressed|caught|ended|finished off)(?: \w+)? (?:by|with|using|by means of
    |through|thanks to|with the help of) «{NP}»
means_of_defeat | = | event,not_own | «\b{NP}» (?:brought|shot|took|knocked|forced) (?:it|them|one|both
    |all|two|three|(?:the |an? |two )?(?:{CRAFT}|{THING})) down
means_of_defeat | unknown |  | «\b(?:how|why|what)\b[^.;,"]{3,50}? (?:has|have|had|is|was|were|are
    |will)(?: not|n't| never)(?: been| be| yet)* (?:disclosed|revealed|explained|said|made public|stated
    |told|known|established)\b»
means_of_defeat | projectile |  | «\b(?:none|no|nobody|neither|never|not)\b[^.;,"]{0,40}? (?:fired
    |discharged|shot|opened fire|drew)(?: (?:an?|any|their|his|its|the) (?:firearms?|weapons?|guns?
    |shots?|rounds?|pistols?))?\b|discharged (?:an?|any|their|his|its|the) (?:firearms?|weapons?|guns?
    |shots?|rounds?)\b»

means_of_defeat | projectile | event | «\b(?:(?:shot|shooting|shoots|firing|fires) (?:at|through)\b
    |shot through|carr(?:y|ies|ied) no (?:firearms?|weapons?|guns?|arms)
    |(?:traces?|marks?|holes?|signs?) (?:of|from) (?:projectiles?|bullets?|shots?|gunfire|firing|shooting)
    |bullet (?:holes?|marks?))»
means_of_defeat | projectile | event | «\b(?:no|talk of|reports? of|rumours? of|claims? of
    |word of) (?:firing|shots?|shooting|gunfire|missiles?)\b(?: (?:was|were|to be) [\w ]{3,20})?»
means_of_defeat | electronic | event | «\b(?:loses?|lost|losing) (?:its|the|their
    |all) (?:radio |data |video |control )?(?:link|signal|connection|contact|control)\b
    |(?:radio-frequency|RF|radio|electronic|jamming) (?:barriers?|shields?|fences?|screens?|umbrellas?
    |walls?|domes?|cover)\b»
means_of_defeat | laser | event | «\b(?:an? )?(?:beams?|rays?) of (?:[\w'-]+ )?light\b»
means_of_defeat | crash | event | «\b(?:collision|collided|collides) with (?:{NP})|(?:ran|run|went) dry\b»
means_of_defeat | = | event | «\bnot (?:brought|shot|taken|knocked) down by {NP}»
means_of_defeat | = | event,not_own | \b(?:brought|shot|took|knocked|forced|swatted) (?:it|them|one|(?:the
    |a|one|that) (?:\w+ )?(?:{CRAFT}|{THING})) (?:down|out of the (?:sky|air)) (?:with|by|using) «{NP}»
means_of_defeat | electronic | event | «\b(?:cut off|separated|severed|disconnected) from (?:its|their
    |the) (?:operators?|pilots?|controllers?|base|control \w+)\b|\b(?:took|taken|seized|wrested
    |gained) (?:over )?(?:its|the|their) controls?\b»
means_of_defeat | crash | event | «\b(?:nobody|no one|nothing) (?:touched|went near|interfered with
    |brought) (?:it|them)\b»
means_of_defeat | net | event | «\b(?:caught|tangled|snagged|entangled
    |trapped) (?:up )?in (?:an? |the |some |its )?(?:[\w'-]+ )?(?:awnings?|curtains?|canvas|ropes?|rigging
    |flags?|bunting|sails?|cables?|wires?|trees?|branches)\b»
means_of_defeat | crash | event | «\bby (?:the |a |strong )?(?:wind|gusts?|squall|storm|weather|gale)s?\b»

casualties | 0 |  | «\b(?:no|nil|zero|without(?: causing)?(?: any)?|not any|neither
    |without)(?: (?:\w+)(?:,| or| and| nor)?){0,4} {HURT}»
casualties | 0 |  | «\b(?:nobody|no[- ]one|none(?: of (?:\w+ ){1,3})?|not (?:one|a|a single) \w+
    |no (?:\w+ )?(?:{PERSON}))(?: (?:at|in|on|aboard|inside) {NP})?(?: (?:was|were|is|are|got|has|have
    |had|been|else|reported|to have|seriously|being|gets?))* (?:{HURT}|came to harm|lost)\b»
casualties | 0 |  | «\b(?:[\w'-]+ )?(?:was|were|is|are|been|being|got)(?: not|n't) (?:\w+ )?(?:hurt
    |injured|wounded|harmed|killed)|(?:escaped|without|avoided|with no|suffered no|no) (?:unhurt|injur\w+
    |harm|a scratch|serious injur\w+)\b»
casualties | 0 |  | «\b(?:(?:own |civilian |staff )?(?:casualties|injuries|victims|cas|injured|fatalities
    |deaths|wounded|losses|dead|hurt)(?: \w+)? ?[:-]? ?(?:nil|none|zero|0|no)\b|un(?:hurt|harmed|injured
    |scathed)|admitted no(?: one|body| patients?)|no loss of life|no harm (?:to|came|done)[^.,;]{0,30}
    |no cas\b|(?:everyone|everybody|all (?:staff|guests|residents|\w+)) (?:is|are|was|were) (?:safe|fine
    |ok|okay|well|accounted for|unhurt))»
casualties | # hurt |  | «\b(?:{NUM}) (?:(?<!\x1f)[\w'-]+ ){0,3}?(?:{PERSON})(?:,? (?!not\b|never\b
    |nobody\b|no\b)[\w'-]+){0,5}?,? (?:{HURT})\b»
casualties | # hurt |  | «\b(?:{NUM}) (?:(?<!\x1f)[\w'-]+ ){0,2}?(?:wounded|injured|hurt|killed|dead
    |casualties|victims|deaths|injuries|fatalities)\b»
casualties | # hurt |  | «\b(?:an?|one|{NUM}) (?:(?<!\x1f)[\w'-]+ ){0,3}?(?:{PERSON})
    (?: [\w'-]+){0,3}? (?:with|had|has|have|suffer(?:ed|ing|s)|sustain(?:ed|ing)|received|treated for
    |taken to|twisted|broke|cut|burn(?:ed|t)|grazed|sprained|bruised|in)(?: [\w'-]+){0,6}? (?:injur(?:y
    |ies)|burns?|burn(?:ed|t) \w+|cuts?|bruis\w+|scratch\w*|graze\w*|wounds?|ankles?|wrists?|arms?|legs?
    |hands?|heads?|fingers?|faces?|eyes?|ears?|concussion|shock|hospital|fractur\w+|smoke inhalation
    |splinters?)\b»
casualties | 1 hurt |  | «\b{NP} (?:was|were|is|has been|had been|got) (?:\w+ly )?(?:burn(?:ed|t)|grazed
    |scratched|bruised|scalded|concussed|hurt|injured|wounded|treated)(?: (?:by|at|for|in|on|to
    |off) {NP})?»(?! down)
casualties | # | event | «\b(?:the )?only (?:casualty|victim|injury|one (?:hurt|injured
    |they had seen))\b[^.;"]{0,40}»
casualties | # hurt |  | «\b(?:injur(?:ed|ing)|wound(?:ed|ing)|kill(?:ed|ing)
    |hurt(?:ing)?) (?:{NUM}) (?:[\w'-]+ ){0,2}?(?:{PERSON})»
casualties | 1 hurt |  | «\b(?:an?|the|his|her|my) (?:(?<!\x1f)[\w'-]+ ){0,3}?(?:{PERSON}) (?:was|were|is
    |has been|had been|got|being) (?:\w+ ){0,3}?(?:{HURT}|treated|taken to (?:the )?hospital)\b»
casualties | # hurt |  | «\b(?:{NUM}|an?|the|one) (?:(?<!\x1f)[\w'-]+ ){0,3}?(?:{PERSON}|crew
    |pilot)? ?(?:(?:was|were|is|are|had to be|have been|has been
    |had been) )?(?:taken to (?:the |a )?(?:\w+ )?(?:hospital|clinic|infirmary)|(?:needed|required
    |received|given|got|seeking) (?:medical |hospital )?(?:treatment|attention|stitches|care)|in hospital
    |hospitali[sz]ed|lost (?:their|his|her) lives?|lost (?:an?|his|her) (?:{BODY}|sight|hearing)|perished
    |died|bandaged
    |patched up|treated(?: for [\w ]{3,20})?)\b»
casualties | 0 |  | «\b(?:claimed no lives?|cost no lives?|no (?:one|body) (?:died|perished|was lost
    |needed \w+)|(?:shaken|frightened|alive) but (?:\w+ )?(?:unhurt|unharmed|unhurt|well|safe|alive)
    |survived|no blood(?:shed| was spilt)?|without (?:loss|bloodshed|harm)|not (?:so much as )?a scratch
    |no (?:human )?(?:victims?|losses|harm))\b»
casualties | 0 |  | «\b(?:victims?|casualties|injuries|injured|wounded|dead|losses)(?:,? (?:and|or
    |nor) \w+)?,? (?:there )?(?:are|were|was|is|have been|had been) (?:none|no\b|not any|nil)|(?:not|n't
    |un)(?: ?been)? ?aware of any (?:patients?|injur\w+|casualt\w+|victims?|wounded|deaths?)|(?:no
    |not any) (?:patients?|admissions)\b[^.,;"]{0,30}»
casualties | # hurt |  | «\b{NUM}(?: of (?:them|us|whom))? (?:is|are|was|were|has been
    |have been)(?: \w+)? (?:dead|killed|hurt|injured|wounded|missing|burned|in hospital)\b»
casualties | # hurt |  | «\b(?:{NP} )?(?:received|suffered|sustained|got|had|has|have|with) (?:an?|some
    |{NUM}|only|slight|minor|light|serious) (?:\w+ ){0,3}?(?:scratch(?:es)?|cuts?|burns?|bruises?|wounds?
    |injur(?:y|ies)|graze[sd]?|splinters?|concussion|black eye|sprain)\b|\b(?:{NP} )?(?:received|suffered
    |sustained|got|had|has|have|with) (?:(?:an?|his|her|their) )?(?:cut|burn(?:ed|t)|broken|sprained
    |twisted|lacerated|injured|bruised|grazed|hurt|crushed) (?:faces?|hands?|arms?|legs?|ankles?|wrists?
    |fingers?|feet|foot|heads?|shoulders?|ribs?|eyes?)\b»
casualties | unknown |  | «\b(?:no|not)(?: \w+){0,2} (?:word|information|details?|reports?
    |news)(?: yet)? (?:on|of|about|as to) (?:\w+ ){0,3}?(?:casualties|injuries|victims|the injured)
    |(?:casualties|injuries|victims) (?:are |were |is )?(?:unknown|unclear|not known|unconfirmed)»
casualties | # | corrects | «\b(?:said )?{NUMBER} (?:\w+ )?(?:hurt|injured|wounded)\b»
casualties | 1 hurt |  | «\b(?:(?:an?|the|one|his|her|my|their
    |our) )?(?:(?<!\x1f)[\w'-]+ ){0,3}?(?:{PERSON}) (?:was|were|is|has been|had been
    |got) (?:\w+ly )?(?:cut|struck|knocked (?:down|over)|hit|stung|bitten|thrown)\b(?: (?:by|at|on|in
    |off) {NP})?»
casualties | # hurt |  | \b(?:injuries|casualties|injured|hurt|wounded|victims?
    |cas) ?[:-] «{NUM} [^.;"]{2,40}»
casualties | 0 |  | «\b(?:not|never|without)(?: so much as| even)? (?:an?|one
    |a single) (?:\w+ )?(?:bruise|scratch|graze|cut|injury|casualty|victim|hair out of place|broken bone
    |singed \w+)\b»
casualties | = |  | «\b(?:{NP} (?:is|was|are|were|'s) )?(?:a (?:bit
    |little) |badly |slightly |rather |visibly |deeply )?(?:shaken(?: up)?|dazed|in shock
    |treated for shock|shell-shocked)\b»
casualties | # hurt |  | «\b(?:{NUM}|an?) (?:(?<!\x1f)[\w'-]+ ){0,3}?(?:breathed|inhaled|swallowed
    |taken in|took in) (?:in )?(?:\w+ )?(?:smoke|fumes|gas|dust)\b|{NP} (?:is|are|was|were|remains?
    |remained) in (?:an? )?(?:critical|serious|stable|grave|satisfactory|fair) condition\b»
casualties | 0 |  | «\b(?:victims?|casualties|sufferers?|injured|wounded|dead|injuries|losses) (?:(?:are
    |were|was|is|have|has|had) )(?:not|n't)(?: been)? (?:registered|recorded|reported|found|noted
    |observed|known of)\b»
casualties | 1 hurt |  | «\b(?:was|were|is|are|been|being) (?:treated (?:for|at|in|on)
    |taken to (?:the |an? )?(?:\w+ )?(?:hospital|clinic)|admitted (?:to|with)) ?(?:{NP})?»

casualties | # hurt | event | «\b(?:{NUM}|an?|the|one
    |another) (?:[\w'-]+ ){0,3}?{ANYONE} (?:has |have |had )?(?:suffer(?:ed|s|ing)?|sustain(?:ed|s)
    |receiv(?:ed|es)|got|took in|inhal(?:ed|es)|breathed(?: in)?|swallowed) (?:[\w'-]+ ){0,3}?(?:burns?
    |cuts?|bruises?|injur(?:y|ies)
    |wounds?|smoke|fumes|shock|concussion|scratch(?:es)?|gash(?:es)?|sprains?|fractures?)\b»
casualties | # hurt | event | «\b(?:{NUM}|an?|the|one|another|my|his|her
    |our) (?:[\w'-]+ ){0,3}?{ANYONE}(?:,? [\w'-]+){0,3}?,? (?:is |was |were |are
    |has |had |have )?(?:been )?(?:found |reported |confirmed |feared )?(?:drowned|perished|missing
    |deceased|dead)\b»
casualties | # hurt | event | «\b(?:(?:{NUM}|an?|the|one
    |another) (?:[\w'-]+ ){0,3}?{ANYONE}(?: has| had)? )?(?:cut|burned|burnt|singed|scorched|grazed
    |hurt|broke|sprained|twisted|scalded|bruised|gashed|lost) (?:his|her|their|my|an?) (?:(?:left|right
    |own) )?{BODY}\b»
casualties | # hurt | event | «\b(?:{NUM}|an?|one|another|the) dead (?:[\w'-]+ )?{ANYONE}\b»
casualties | # hurt | event | «\b(?:about|of) (?:an?|the|one|two|three) (?:deaths?|dead (?:man|woman|person
    |boy|girl|child))\b»
casualties | 0 | event | «\b(?:he|she|they|everyone|everybody)(?:'s
    |'re| is| are| was| were) (?:all |quite |perfectly )?(?:fine|ok|okay|unhurt
    |unharmed|all right|alright|safe and sound)\b»
casualties | 0 | event | «\b(?:nobody|no one|no-one|none)\b[^.;,"]{0,20}? (?:to hospital|hospital treatment
    |needed|required|in need of|treated|admitted)\b[^.;,"]{0,20}»
casualties | # hurt | event | «\b(?:{NUM}|an?|the
    |one) (?:[\w'-]+ ){0,3}?{ANYONE} (?:(?:is|was|are|were
    |has been|remains?) )(?:still )?(?:unaccounted for|discharged|recovering
    |under observation|in (?:a )?(?:serious|critical|stable|good) condition)\b»
casualties | # hurt | event | «\b(?:(?:{NUM}|an?|the
    |one) (?:[\w'-]+ ){0,3}?{ANYONE}(?: has| had| may have)? )?(?:lost|lose) (?:the )?(?:sight|hearing
    |use)(?: (?:of|in) [^.;,"]{3,25})?»
casualties | # hurt | event | \b(?:left|leaving|leaves) «(?:{NUM}|an?|the|one
    |another) (?:[\w'-]+ ){0,3}?{ANYONE} (?:with|injured|hurt|wounded|dead|bleeding|unconscious
    |in hospital)\b[^.;,"]{0,30}»
casualties | 0 | event | «\b(?:nobody|no one|no-one|none of \w+) (?:was|were) (?:so|as) much as \w+\b»
"""
