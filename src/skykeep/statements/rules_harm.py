"""What stopped them, who was hurt and what was broken.

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

damage | none |  | «\b(?:no|nil|without(?: causing)?(?: any)?|not any|neither|little or no
    |zero)(?: (?:\w+)(?:,| or| and| nor)?){0,5} damage(?:d)?\b»
damage | none |  | «\b(?:undamaged|no (?:oil )?(?:spill(?:age)?|fire|leak|breakage)s?
    |nothing (?:was |has been |is )?(?:damaged|broken|hit|destroyed|burn(?:ed|t)|scratched)|(?:was|were
    |is|are) not (?:\w+ )?(?:damaged|affected)|damage ?[:-]? ?(?:nil|none|no)\b
    |not a (?:single )?(?:window|pane|tile|scratch)[^.,;]{0,30}|intact\b|unscathed)»
damage | = |  | \bdamage ?[:-] «(?!nil\b|none\b|no\b|some\b)[^.;"]{3,80}»
damage | some |  | «\b(?:{NUM} )?(?:(?<!\x1f)[\w'-]+ ){0,2}?damage(?: (?:to|on|was|were|is
    |has been) (?:{NP})(?: and {NP})?)?»
damage | = |  | «\b{NP} (?:was|were|had been|has been|have been|is|are|got|being)(?: \w+)?(?: (?:said
    |believed|thought|reported|understood|feared) to (?:be|have been))? (?:damaged|frayed|warped|broken
    |shattered|smashed|cracked|blown (?:in|out|off)|holed|scorched|burn(?:ed|t)|gutted|dislodged|loosened
    |displaced|toppled|set (?:alight|on fire|ablaze)|dented|torn(?: \w+)?|charred|ablaze|on fire
    |knocked (?:over|down|out)|pierced|punctured|flattened|singed|ripped \w+|without (?:power|electricity
    |light))\b»
damage | none |  | «\b(?:no|neither|none of the|nothing)(?: [\w'-]+){0,4} (?:was|were|is|has been
    |had been)(?: \w+)? (?:affected|damaged|hit|harmed|touched|lost|broken|destroyed|disturbed)\b»
damage | none |  | «\b(?:{NP} )?(?:(?:was|were|is|are|has been|had been|been|remain(?:s|ed)?|stay(?:s
    |ed)?|stands?|stood|came through)(?: not|n't| quite| wholly| otherwise)? )(?:touched|untouched
    |undamaged|intact|unharmed|unscathed|whole|unbroken|spared|in one piece|harmed)\b»
damage | = | not_aircraft | «\b{NP} (?:was|were|had been|has been|have been|is|are
    |got)(?: \w+)?(?: (?:said|believed|thought|reported|understood|feared) to (?:be
    |have been))? (?:wrecked|frayed|ruined|written off|destroyed|burned (?:out|down)|burnt (?:out|down)
    |demolished|lost|blackened|chipped|peppered|bent|crushed|flooded|evaporated|hit by (?:debris
    |fragments|splinters)|gone|missing|in ruins|in pieces|off its hinges|no more|in flames|struck by)\b»
damage | = | not_aircraft | «\b(?:damag|wreck|ruin|shatter|smash|crack|dent|scorch|singe|puncture|pierce
    |destroy|chip|flatten|demolish|topple|clip|crush|bend|bent|broke|break|tore|burn|knock|blew|cut|set
    |start)(?:ed|ing|s|es|d)?(?: off| out| over| in| down| fire to| alight)? (?:an?|the|{NUM}|its|his|her
    |our|their|some|part of) (?!(?:\w+ )?(?:{BODY}|approach|silence))(?:{PART})»(?= |[.,;"])
damage | = | not_aircraft | «\b(?:{NUM} )?(?:(?<!\x1f)[\w'-]+ ){1,2}(?:burn(?:ed|t) (?:out|down)
    |went up in flames
    |caught fire|collapsed|lost (?:its|their|her|his) (?:roof|windows?|chimney|power|head|nose|glass))\b»
damage | = |  | «\b(?:knocked out|cut(?: off)?|lost) (?:the )?(?:power|electricity|lights?)\b»
damage | = |  | «\b(?:repairs?|replacing|mending|the bill)\b[^.;"]{0,40}\b(?:cost
    |estimated)\b[^.;,"]{0,40}»
damage | = |  | «\b(?:went|gone|punched|smashed|tore|came|crashed|fell|broke|burst|ripped
    |shot) (?:straight |right |clean )?(?:a hole )?(?:through|in) (?:{THE} )?(?:[\w'-]+ ){0,2}?(?:roof
    |window|ceiling|wall|windscreen|skylight|glass|fence|hedge|tiles|awning|door|tent|greenhouse
    |conservatory)s?»
damage | = |  | «\b(?:{NUM} )?(?:broken|shattered|cracked|smashed|blown-out|damaged|scorched|charred
    |broke|shattering|smashing|cracking|breaking|damaging|singeing|scorching) (?:{NP})»
damage | = |  | «\b(?:(?:{NUM} |{THE} )?(?:[\w'-]+ )?(?:windows?|panes?|glass|roof(?:s|ing)?|tiles?
    |façade|facade|chimneys?|cars?|fences?|greenhouses?|flagpole|gutters?|slates?|skylights?) (?:broke
    |shattered|cracked|smashed|collapsed|fell in|lost|gone|blew (?:in|out)|out)\b|caught fire
    |(?:a |small |brief )+fire(?! brigade| service| engine)|fire broke out|blaze|set fire to [^.,;]+
    |a (?:\w+ )?(?:hole|crater|dent|crack|scorch mark) in [^.,;]+|holes? in [^.,;]+|power (?:cut|outage)
    |blackout|debris (?:hit|struck|damaged)[^.,;]+)»
damage | none |  | «\b(?:no|nil|without(?: any)?|not any) (?:\w+ ){0,2}?(?:destructions?|breakages?
    |material loss(?:es)?)\b»
damage | = |  | «\b(?:lost|losing|cost (?:us|them|him|her)) (?:{NUM}|an?|the|some|most of (?:the|our|its
    |his|her)|half (?:the|our|its|his|her)|our|its|his|her|their) (?:[\w'-]+ ){0,3}?(?:panes?|windows?
    |tiles?|slates?|roofs?|chimneys?|glass|fences?|trees?|doors?|aerials?|masts?|sheds?|cars?|boats?
    |gutters?|walls?|statues?|lamps?)\b»
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
damage | = | event | «\b(?:the )?(?:power|electricity|lights?|supply|gas|mains|heating|phones?|telephones?
    |signal|current)(?: (?:is|was|were|are|has|have
    |had|been))* (?:gone|out|off|cut(?: off)?|lost|failed|interrupted|dead|back(?: on)?|restored
    |on again)\b(?: (?:in|at|across|over|to|for) [^.;,"?]{2,40})?»
damage | = | event | «\b(?:the |an? )?(?:interruption|failure|loss|disruption
    |collapse) of (?:the |an? )?(?:supply|power|electricity|current|gas|water|{PART})\b
    (?: (?:to|in|at|across) [^.;,"]{2,50})?»
damage | = | event | «\b{PART} (?:was|were|lay|went|stood|is|are) (?:in the dark|dark|without (?:power
    |light|water|electricity|heating|gas))\b[^.;,"]{0,40}»
damage | none | event | «\b(?:no |the |any )?(?:radiation|contamination|background|pressure|water|air|milk
    |emissions?|samples?|readings?|levels?|dose rates?)\b[^.;"]{0,40}?
    \b(?:normal|everyday|usual|unchanged|background|safe|fine to \w+|fit to \w+|clean|clear|measured
    |detected|released|escaped)\b»
damage | none | event | «\b(?:work(?:s|ed|ing)?|run(?:s|ning)?|ran|operat(?:es|ed|ing)|function(?:s|ed|ing)
    |continu(?:es|ed|ing)) (?:normally|as (?:normal|usual|before)
    |without interruption|undisturbed)\b[^.;,"]{0,30}»
damage | none | event | «\b(?:the |our |its |his |her |any )?(?:[\w'-]+ ){0,3}?(?:{BUILT}|yard|site) (?:has
    |have|had|was|were|is|are|did)(?: not|n't| never) (?:been )?
    (?:burn(?:ed|t)?|hit|touched|struck|damaged|affected|harmed|scratched)\b»
damage | = | event | «\b(?:burning|smouldering|blazing) (?!of\b|down\b){PART}»
damage | = | event,not_aircraft | «\b{PART} (?:snapped|gave up|gave way|gave out|split|came off)\b»
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
casualties | 0 | event | «\b(?:nobody|no one|no-one|none)\b[^.;,"]{0,20}? (?:to hospital|hospital treatment
    |needed|required|in need of|treated|admitted)\b[^.;,"]{0,20}»
casualties | # hurt | event | «\b(?:{NUM}|an?|the
    |one) (?:[\w'-]+ ){0,3}?{ANYONE} (?:is |was |are |were |has been |remains? )(?:still )?(?:unaccounted for|discharged|recovering|under observation|in (?:a )?(?:serious|critical|stable|good) condition)\b»
casualties | # hurt | event | «\b(?:(?:{NUM}|an?|the
    |one) (?:[\w'-]+ ){0,3}?{ANYONE}(?: has| had| may have)? )?(?:lost|lose) (?:the )?(?:sight|hearing
    |use)(?: (?:of|in) [^.;,"]{3,25})?»
damage | = | event,no_person | «(?:{THE} )?{PART} (?:was|were|has been|have been|had been
    |being) (?:{ADV})?(?=[\w-]+(?:ed|en|nt|wn|rst|t)\b)(?!hit|struck|lost|cut)(?:{BROKEN})\b[^.;,"]{0,30}»
damage | = | event,no_person | «(?:{THE} )?{PART} (?:is|are|was|were) (?:now )?(?:an? (?:write-off
    |total loss|wreck|ruin|shambles|mess)|beyond (?:repair|saving)|past (?:repair|saving|mending)|matchwood
    |scrap|useless)\b»
damage | none | event | «\b(?:everything|all(?: of it| systems)?|it all|the (?:plant|pumps?|works|line
    |service|station|system)s?) (?:is |are )?(?:still |also )?(?:works?|working|runs?|running
    |in (?:working )?order|functioning|functions?)\b»
damage | = | event | «\b(?:put|blew|blown|knocked|took|taken) out (?:every|all|most|some|the|{NUM}|a dozen
    |half)[^.;,"]{0,20}?(?:{BUILT})\b[^.;,"]{0,30}»
damage | = | event | \b(?:cost|costs
    |costing) (?:the |him |her |us |them )?(?:[\w'-]+ )?«{NUM} (?:[\w'-]+ )?(?:{BUILT})\b»
damage | = | event | «\b(?:ripped|tore|torn|shredded|smashed|reduced|blew|knocked) (?:{THE} )?{PART} (?:to
    |into) (?:shreds|pieces|bits|splinters|ribbons|smithereens|rubble|ashes|matchwood)\b»
damage | = | event | «\b(?:repairs?|rebuilding|mending it|the clean-?up) (?:will|would|may|is expected to
    |are expected to|is going to) (?:take|cost|last|begin|start)\b[^.;,"]{0,30}»
means_of_defeat | = | event,not_own | \b(?:brought|shot|took|knocked|forced|swatted) (?:it|them|one|(?:the
    |a|one|that) (?:\w+ )?(?:{CRAFT}|{THING})) (?:down|out of the (?:sky|air)) (?:with|by|using) «{NP}»
means_of_defeat | electronic | event | «\b(?:cut off|separated|severed|disconnected) from (?:its|their
    |the) (?:operators?|pilots?|controllers?|base|control \w+)\b|\b(?:took|taken|seized|wrested
    |gained) (?:over )?(?:its|the|their) controls?\b»
means_of_defeat | crash | event | «\b(?:nobody|no one|nothing) (?:touched|went near|interfered with
    |brought) (?:it|them)\b»
outcome | = | event,no_person | «\b(?:{IT} )?(?:went|gone|goes) up in (?:smoke|flames)\b
    |(?:{IT} )(?:has been|had been|was|were) (?:handed|given|turned) over? ?to (?:{NP})»
aircraft_count | # | event | «\b{NUM} in (?:a row|line|formation|file|succession|convoy)\b»
aircraft_count | # | event | , «{NUM} of them\b»
attribution | = | event | \blaid (?:it|this|(?:the |this )?(?:[\w'-]+ )?(?:attack|blame|drones?|incident
    |flight)) at «{PART}»(?:'s)? (?:door|feet)
attribution | = | denies,event | «\b(?:we|they|it|{NP}) had (?:no|none of (?:its|our
    |their)) (?:\w+ )?(?:{CRAFT}) (?:in the air|up|aloft|flying|airborne|there)\b[^.;,"]{0,30}»
attribution | = | event | \b(?:came|come|flown|launched|sent|took off|flew(?: in)?) from «(?:across|over
    |beyond|behind|inside|the other side of) (?:{NP})»
"""
