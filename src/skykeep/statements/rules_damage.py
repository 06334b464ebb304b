"""What was broken, and what was not.

The form of a rule is told in `rules`.
"""

from __future__ import annotations

RULES_DAMAGE = r"""
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
damage | none | event | «\bwithout (?:leaving|causing|doing) (?:an?|any|so much as an?|the (?:least
    |slightest)) (?:mark|trace|scratch|damage|harm|dent)\b»
damage | = | event,not_aircraft | \b«(?:brought|bringing|took|knocked) down (?:an?|the|part of the|its|his
    |her|their|{NUM}) {PART}»
damage | = | event | «\b(?:{NUM} |the |an? )?(?:[\w'-]+ )?(?:boats?|ships?|launch(?:es)?|ferr(?:y|ies)
    |barges?|yachts?|dinghy|dinghies) (?:sank|sunk|capsized|foundered|took on water|burned|burnt)\b»
"""
