"""What people do, forbid and will not say, in any register, told by families of words.

These stand last: where a narrower rule has found a passage, they add none. The form is told in `rules`.
"""

from __future__ import annotations

RULES_CONDUCT = r"""
response_taken | = | event | «\b(?:(?:the|a|an|our|two|three|four|five|six|its|their|more|local|all|some
    |several|{NUM}) )?(?:(?<!\x1f)[\w'-]+ ){0,3}?(?:{RESPONDER})(?: (?:of|from|at|in
    |on) {NP})? (?:{AUX})*(?:{ADV})?(?!keep|kept|report|fil(?:e|ed|es)\b|mov(?:e|es)\b|caught up)
    (?:{ACTED})\b(?! (?:that|it was|there|on the PA)\b)[^.;:"]{0,60}»
response_taken | = | event,not_flying | «\b(?:(?:the|an?|its|all|our|two|three|{NUM}) )?(?:(?<!\x1f)
    [\w'-]+ ){1,4}?(?:was|were|has been|have been|had been|is being|are being|being
    |been) (?:{ADV})?(?=[\w-]+(?:ed|en|nt|ld|ght|wn|ung|ut|et)\b)(?!asked|kept|caught)(?:{ACTED})\b
    [^.;:"]{0,60}»
response_taken | = | event | «\b(?:the )?(?:fire|blaze|alarm|alert|leak|lights?|power|work|play|match|game
    |service|train|session|sitting|hearing|trial|mass|concert|traffic|plant|reactor|broadcast
    |programme) (?:{AUX})*(?:{ADV})?(?:out|put out|over|off|on|raised|sounded|lifted|resumed|restarted
    |stopped|halted|paused|adjourned|interrupted|delayed|suspended|abandoned|shut down|tripped|scrammed
    |went on|goes on|continued|continues|working|running)\b[^.;:"]{0,40}»
response_taken | = | event | «\b(?:put|set|came|touched) down at\b[^.;:"]{2,40}|broke off (?:its|their|the
    |an?|his|her) [^.;:"]{2,50}|went (?:round|around) again|held (?:off|short|back)\b[^.;:"]{0,30}»
restriction | = |  | «\b(?:from (?:midnight|noon|today|tomorrow|now|\w+day)[\w ,]{0,12}?)?(?:no
    |not any) (?:[\w'-]+ ){1,5}?(?:may|shall|must|can|is to|are to) (?:be )?[\w'-]+\b[^.;"]{0,60}»
restriction | = |  | «\b(?:[\w'-]+ ){1,5}?(?:may|must|shall|should|can|is|are) (?:not|no longer|only
    |never) (?:to )?(?:be )?(?:sold|bought|given|lent|carried|brought|taken|held|kept|opened|used|driven
    |worn|lit|had|issued|played|visited|touched|parked|admitted|served|published|shown|reported|named
    |[a-z]+ed)\b(?! (?:to have|that))[^.;"]{0,60}»
restriction | = |  | «\b(?:may|can|could|is|are|was|were|be)(?: \w+){0,2} only (?:by|for|with|to|on|in
    |between|after|from|through|under|via)\b[^.;"]{3,50}»
restriction | = |  | «\b(?:the |all |both |our |its )?(?:[\w'-]+ ){0,2}?(?:runways?|airports?|airspace
    |roads?|lanes?|streets?|bridges?|tunnels?|stations?|lines?|schools?|shops?|markets?|park|gardens?
    |gates?|doors?|beach(?:es)?|ports?|harbours?|ferr(?:y|ies)|ranges?|museums?|castle|courts?|grounds?
    |stands?|pitch|towpath|canal|river|pool|borders?|crossings?|zoo|cathedral|tower) (?:(?:is|are|was|were
    |has been|have been|will be|remains?|stays?|now|will) )*(?:now |still |again |also )?(?:re-?open\w*
    |closed|shut|barred|locked|sealed|out of bounds|off limits)\b[^.;"]{0,50}»
restriction | = |  | «\b(?:the|this|that|our|an?) (?:[\w'-]+ ){0,2}?(?:order|ban|rule|decree|directive
    |regulation|notice|restrictions?|prohibition|alert|cordon|injunction)(?: (?:under|of|on|from
    |made) {NP})? (?:(?:is|are|was|were|has been|have been|will|remains?) )*(?:unchanged|remains?|stands?
    |in force|in place|in effect|lifted|extended|withdrawn|renewed|ends?|expires?|applies|comes? into
    |takes? effect|continued|rescinded|revoked)\b[^.;"]{0,40}»
restriction | = |  | «\b(?:please )?(?:stay|keep|remain|go|get) (?:indoors|inside|away|off|out of|clear
    |back|to the (?:shelters?|cellars?)|at home|in (?:the|your) [\w ]{3,20})\b[^.;"]{0,40}|(?:air|drone
    |raid|security) alert (?:for|in|over)\b[^.;"]{2,40}|to the (?:shelters?|cellars?)\b[^.;"]{0,30}
    |do not (?:approach|touch|film|photograph|share|post|enter|use|travel|come|go|pick)\b[^.;"]{0,50}»
exception | = | ban | «\b{NP}(?:,? (?:and|or|&) {NP})?»,? (?:excepted|aside|apart|exempted|excluded|only)\b
exception | = | ban | «\b{NP} (?:may|can|could|might|will|are free to|are able to|are allowed to
    |is allowed to) (?:still|nevertheless|however|continue to)\b[^.;"]{3,60}»
exception | = | ban | «\bonly (?:by|for|to|with) {NP}»
exception | = | ban | «\b{NP} with (?:an? |the |valid )*(?:\w+ )?(?:pass(?:es)?|permits?|tickets?
    |certificates?|licen[cs]es?|leave|permission|appointments?|badges?|needs)\b(?: (?:may|can|will|are|is)
    [^.;"]{3,40})?»
purpose | = | ban | «\b(?:it is being done |this is |done |it is |that is )?(?:so (?:that )?(?:we|they|the
    |our|nobody|no one|officers|police|people|everyone|he|she|it) (?:can|may|could|will|would|is|are|might)
    |against|to (?:stop|guard against|discourage|deter|curb|limit|speed|leave|bring|give
    |save))\b [^.;"]{3,60}»
response_threatened | = | event | «\b(?:should|if) [^.;"]{3,60}?,? (?:(?:[\w'-]+ ){1,3})(?:will|shall|would
    |may|'ll|must)\b(?! (?:be )?(?:cold|rain|open|close))[^.;"]{3,60}»
response_threatened | = | event | «\b(?:will|shall|'ll|would|going to|prepared to|ready to|determined to
    |thinking of|considering|do not rule out|don't rule out) (?:be )?(?:sue|suing|prosecut\w+|arrest\w*
    |fin(?:e|ed|ing)|jail\w*|charg\w+|shoot\w*|fir(?:e|ing) (?:on|at|back)|bring(?:ing)? (?:it|them
    |the next) down|retaliat\w+|respond\w*|answer\w*|strike|striking|hit(?:ting)?|punish\w*|expel\w*
    |sanction\w*|recall\w*|withdraw\w*|mov(?:e|ing)|leav(?:e|ing)|ban(?:ned|ning)?|clos(?:e|ed|ing)
    |cancel\w*|call(?:ed|ing)? in|ask(?:ing)? (?:the|for)|go(?:ing)? to (?:court|law)|seek\w*|demand\w*
    |press(?:ing)? charges|readied|treated|dealt with|held (?:to|responsible|liable)|taken (?:to|down)
    |pursued?|reported)\b[^.;"]{0,60}»
comment | none | declines,event | «\b(?:shall|will|would|could|can|did|do|does|was|were|is|are|has|have
    |had)(?: not|n't) (?:\w+ ){0,2}?(?:be drawn|guess(?:ing)?|speculat\w+|comment\w*|get into|go into
    |discuss\w*|say|tell|reply|repl(?:y|ied)|respond\w*|answer\w*|confirm|name|be reached|available|expand
    |be pressed|be specific|offer|give (?:out|any|a|details|numbers|names)|prepared to|in a position
    |at liberty|at (?:his|her|their) desk|take (?:our|any|the|questions)|pick up|return (?:our|a|the
    |calls))\b[^.;"]{0,60}»
comment | none | declines,event | «\b(?:leav(?:e|es|ing)
    |left) (?:it |that |this |the matter |the question )?open\b|\b(?:is|are|was
    |were) (?:in (?:a |another )?(?:meeting|conference|court)|unavailable|unreachable|not (?:available
    |at home|taking)|out of (?:the )?office|saying nothing|saying no more|not saying|tight-lipped)\b
    [^.;"]{0,30}|\b(?:gave|got|with|only|offered|met with) (?:an? |the |only a )?(?:\w+ )?(?:shrug
    |shake of the head|wave|grunt|silence|smile|no)\b|\b(?:do|does|did)(?: not|n't) (?:say|tell|mention
    |state|specify|give|name|address)\b[^.;"]{0,40}|\bno (?:names?|details|explanation|figures?
    |numbers?) (?:was|were|is|are|has been|have been|given|offered)\b[^.;"]{0,30}|\b(?:that|this|it)(?:'s
    | is| was)? (?:an? )?(?:question|matter) for\b[^.;"]{2,50}»
response_taken | = | event | «\b(?:had to be|have to be|was to be|were to be|could be|to be|being
    |after) (?:{ADV})?(?:evacuated|searched|checked|closed|cleared|inspected|halted|stopped|delayed|moved
    |called|replaced|repaired|examined|retaken|replayed|postponed|escorted|led|taken)\b[^.;:"]{0,40}»
response_taken | = | event | «\b(?:{NP} )?(?:had |have |has )?(?:opened fire|returned fire|fired (?:on|at
    |upon) (?:it|them|the {CRAFT}|the {THING}))\b»
response_taken | = | event | «\b(?:{NP} )?(?:has been |was |were |is |are )?(?:taped|fenced|roped|cordoned
    |sealed|blocked|railed) off\b[^.;:"]{0,40}»
response_taken | = | event | «\b(?:{NP} (?:is|are|was|were|remains?|has been
    |have been) )(?:being )?(?:sought|hunted|traced|looked for|held|in custody|detained
    |remanded(?: in custody)?|kept in custody|released(?: on bail)?|on bail)\b[^.;:"]{0,30}»
response_taken | = | event | «\b(?:{NP} )?(?:demand(?:s|ed)|request(?:s|ed)|seeks?|sought|call(?:s
    |ed) for) (?:an? |the |immediate |full |urgent )*(?:explanation|apology
    |inquiry|enquiry|investigation|answers|clarification|compensation)\b[^.;:"]{0,40}»
response_taken | = | event | «\b(?:{NP} )?(?:has |have |had )?(?:picked up|collected|gathered(?: up)?
    |recovered|handed|turned|passed) (?:(?:it|them|(?:the |an? |some )?(?:[\w'-]+ ){0,2}?
    (?:pieces|parts|debris|wreck(?:age)?|fragments|remains|{CRAFT})) )?(?:over )?(?:to (?:the )?(?:police
    |army|authorities|ministry|experts|laboratory)\b)[^.;:"]{0,30}»
response_taken | = | event | «\b(?:wreck(?:age)?|debris|remains|fragments|pieces)(?: (?:has been|was|were
    |have been|is|are))? (?:secured|removed|recovered|collected|bagged|taken away|handed over)\b
    [^.;:"]{0,40}»
response_taken | = | event | «\b(?:[\w'-]+ ){0,4}?(?:shutdown|restart|evacuation|clearance|recovery
    |repairs?|search) (?:begins?|began|started|starts|completed?|ended|ends|is under way)\b[^.;:"]{0,30}»
response_taken | = | event | «\b(?:{RESPONDER}) (?:begins?|puts?|spoke|spent|went|walked|worked|picked
    |combed|waded|climbed|dived|opened|arrived?|reached|were there|was there)\b[^.;:"]{0,50}»
response_taken | = | event | «\b(?:play|work|service|match|traffic|trains?|flights?|shift|supply|production
    |talks|session)(?: (?:was|were|is|are|has|had))* (?:under way again|back on|on again
    |resumed|restarted)\b[^.;:"]{0,40}»
response_taken | = | event,by_somebody | «(?:{THE} )?{PART} (?:{AUX})*(?:{ADV})?(?!keep|gave|give|contact
    |fil|call|log|drew|gone|mov)(?:{ACTED}) (?:{THE}|{NUM}
    |all|every|up|off|down|out|its|for|to|on|into|over|guests|people|residents|families
    |staff|passengers)\b[^.;:"]{0,60}»
response_taken | = | event | «\b(?:an? |the |two |three )?(?:[\w'-]+ ){0,2}?(?:arrests?|reward|complaint
    |protest|appeal|inquiry|panel|commission|committee|task force|cordon|search|watch|report) (?:has|have|had
    |was|were) (?:been )?(?:made|offered|lodged|filed|set up|appointed|opened|formed|ordered|launched
    |thrown \w+|raised|doubled|convened)\b[^.;:"]{0,40}»
response_taken | = | event,not_flying | «\b(?:the |an? )?(?:vessel|ship|boat|ferry|train|car|van|lorry
    |house|building|hotel|street|square) (?:was|were|is being|has been) (?:boarded|searched|stopped|emptied
    |evacuated|surrounded|held|turned back|escorted|moved)\b[^.;:"]{0,40}»
motive | = | event | \b(?:flew|flown|flying|fly|sent|send|launched|used|put up|brought|bought) (?:it|them
    |one|(?:the|an?|his|her|their|its|two|three) (?:\w+ )?(?:{CRAFT}))
    (?: (?:up|out|there|over [\w ]{3,20}|around [\w ]{3,20}))?(?: in order)? «to (?!the\b|an?\b|be\b|him\b
    |her\b|us\b)\w+\b[^.;,"]{2,50}»
motive | = | event | \b(?:{CRAFT}) (?:(?:had |has |have |was |were )?(?:come|came|sent|been sent|there
    |flown|meant|intended|supposed|launched)) «to (?!the\b|an?\b|be\b)\w+\b[^.;,"]{2,50}»
motive | = | event | «\bon (?:an? |the )(?:[\w'-]+ )?(?:job|mission|errand|sortie|assignment
    |training flight|test flight|delivery|survey)\b»
motive | = | event | \b(?:call(?:s|ed)?|term(?:s|ed)|brand(?:s|ed)|describ(?:es|ed)|regard(?:s|ed)?|views?
    |viewed|sees?|saw|treat(?:s|ed)|condemn(?:s|ed)|denounc(?:es|ed)) (?:it|this|that|them|what happened
    |(?:the |this |that )?(?:[\w'-]+ )?(?:incident|event|flight|intrusion|overflight|attack
    |{CRAFT})(?: \w+)?) (?:as )?«(?:nothing but |little more than |no more than )?(?:an?
    |the) (?:[\w'-]+ ){0,3}?[\w'-]+(?: (?:to|of|on|against|by) [^.;,"]{3,40})?»
restriction | = | event | «\b(?:entry|access|admission|admittance|passage|entrance)\b[^.;,"]{0,30} (?:by
    |with|on) (?:\w+ )?(?:permit|pass|invitation|ticket|permission|licen[cs]e)s? only\b»
restriction | = |  | «\b(?:[\w'-]+ ){0,4}?(?:is|are|was|were) being (?:turned (?:back|away)|held back
    |kept (?:out|away|back)|refused|stopped|diverted)\b[^.;,"]{0,40}»
restriction | = |  | «\b(?:[\w'-]+ ){0,5}?(?:airspace|zone|channel|waters?|area|sector
    |fairway)(?: [^.;"]{0,30}?)? (?:is|are|will be|remains?) (?:reserved|segregated|restricted|closed off
    |off limits)\b[^.;,"]{0,40}»
restriction | = |  | «\b(?:[\w'-]+ ){0,5}?(?:held|played|take place|taken place|go ahead|went ahead
    |celebrated) (?:without (?:spectators|an audience|a crowd|visitors|the public|fans)|behind closed doors
    |in private)\b»
purpose | = | ban | «\b(?:so (?:nobody|no one|no-one)|with a view to|with the public in mind)\b [^.;"]{3,60}»
"""
