"""Where the protected one was, pictures, what was done and threatened, and who says nothing.

The form of a rule is told in `rules`.
"""

from __future__ import annotations

RULES_ANSWER = r"""
whereabouts | = |  | \bspen[td] the (?:night|evening|day|weekend)\b[^.;]{0,80}? «(?:at
    |in) (?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)*»
whereabouts | = | principal | (?:\b(?:was|is|were|are|been|being|remain(?:s|ed)?|stay(?:s|ed)?|and|him
    |her|them|found|all|now)|'s|'re) «(?:not |never |nowhere |n't |no longer |already |perfectly |quite |
    completely )?(?:safe(?: and (?:well|sound|unharmed|unhurt))?|unharmed|unhurt|elsewhere|abroad
    |away(?: from {NP})?|asleep|at home|at work|out of (?:town|the (?:country|city|building|house))
    |in (?:a )?(?:shelter|bunker|safety)|on (?:a |an )?(?:\w+ )?(?:visit|holiday|trip|tour
    |leave)(?: (?:to|in) {NP})?|well|in good (?:health|spirits)|hundreds of \w+ away)\b(?! (?:from harm
    |as))»(?! shot)
whereabouts | = | principal | \b(?:was|is|were|are|been|'s|'re|remain(?:s|ed)?|stay(?:s|ed|ing)?|wasn't
    |isn't|weren't) «(?!at (?:least|most|last|about|any|first
    |once)\b)(?:not |never |nowhere |still |already |currently |n't |safely |back |then )?(?:in|at|inside
    |near|aboard|on board|within|outside|present|there|upstairs|indoors|near|abroad|resident|staying
    |travelling|working|visiting|sleeping|attending)(?: (?:in|at|to|on|from|by))?(?: {NP})?(?: (?:in|at
    |of|on) {NP})?(?: at the time| tonight| that night| yesterday)?»
whereabouts | = | principal | «\b(?:continu(?:ed|es|ing) (?:to (?:work|carry|perform|discharge|exercise
    |fulfil|attend|govern|sit|receive|do)|working|his|her|with|as)|seen (?:leaving|entering|at|in|on)
    |photographed|carri(?:ed|es) on|went on working|work(?:s|ed|ing)? (?:from|as (?:normal|usual)|to|at)
    |slept|moved to|(?:was|been|were) (?:taken|evacuated|flown|driven|moved|brought|led|rushed) to
    |sheltered|returned to|(?:had|has) (?:already )?left|left (?:the|for|hours|earlier|through|by|via
    |with|shortly|early|in good time|unnoticed)|spends? the|dined|attended|arrived (?:in|at|back)|flew to
    |travell?ed to|stayed (?:in|at)|remain(?:ed|s) (?:in|at)|keeps? to|kept to|was shown|did not leave
    |never left|not (?:there|present|home))\b[^.;,"]{0,80}»
whereabouts | = |  | «\b(?:an? )?empty (?:house|palace|building|residence|bed|castle|office)\b|\b(?:house
    |palace|residence|building|castle) (?:was|stood|is|lay) empty\b»
whereabouts | = |  | «\bspen[td]s? the (?:night|evening|day|weekend|week|morning|afternoon
    |hours)\b[^.;]{0,60}»
whereabouts | = | principal | «\b(?:(?:was|is|were|are|has|had|been) )?(?:never|not|n't
    |at no time)(?: \w+)? in (?:any )?(?:danger|harm's way|peril|residence|the (?:country|city|building
    |house|palace|capital))\b»
whereabouts | = | principal | «\b(?:(?:was|is|were|are|had been|has been|being) )(?:asleep|awake|dining
    |at (?:dinner|prayer|sea|table|breakfast|the (?:opera|theatre|races))|travelling|visiting|on (?:his
    |her|the|their) (?:way|yacht|estate|train)|hunting|fishing|skating|out|in|away|gone|back|receiving
    |holding|attending|guest of|the guest)\b[^.;,"]{0,50}»
whereabouts | = | principal | «\b(?:sleeps?|lives?|resid(?:es?|ed|ing)|dwells?|winters?|summers?
    |holidays?|is living|is residing) (?:in|at|with|on|elsewhere|aboard)\b[^.;,"]{0,50}»
whereabouts | = | principal | «\b(?:cut short (?:his|her|their|an?)|hurried back|flew back|rushed back
    |returned early|came home|broke off (?:his|her|their|an?))\b[^.;,"]{0,40}»
whereabouts | = | principal | \b(?:placed|put|located|seen|spotted|reported|photographed)(?: to be
    | as being)? «(?:in|at|inside|near|outside|aboard|on board) {NP}»
whereabouts | = | principal | «\bwill (?:now |then )?(?!(?:remain|stay) (?:prohibited|banned|forbidden
    |closed|shut|barred|grounded|suspended|restricted|in (?:force|place)|on alert)\b)(?:return|fly|remain
    |stay|travel|receive|spend
    |be (?:in|at|back|away)|work from|come back)\b[^.;,"]{0,50}»

footage | = |  | \b{SHOW}[^.;"]{0,120}? showing «[^.;"]{4,}»
footage | = |  | «\bfrom (?:{HEDGE} )?(?:what (?:appears|seems) to be )?[^.;,]{0,20}?(?:outlet|channel
    |station|broadcaster|account|telegram channel|agency)[\w ]{0,30}»
footage | = |  | \b(?:post(?:ed|s|ing)?|shar(?:ed|es|ing)|publish(?:ed|es|ing)|upload(?:ed|s|ing)?
    |releas(?:ed|es|ing)|circulat\w+|tweet(?:ed|s)|broadcast(?:s|ed)?|air(?:ed|s)|showed|sen(?:t
    |ds?)(?: us| in)?|obtained|put (?:up|out|online)|issued|carried
    |ran) (?:also |online )?(?:[\w'-]+ ){0,5}?«{SHOW}\b[^.;:]*»
footage | = |  | «\b(?:video |footage |the |a |clip of )*(?:exact |very )?moment (?:when |of |where |
    that |a |the |one |it |at )[^.;"]*»
footage | = |  | \b{SHOW}[^.;"]{0,60}? (?:show(?:s|ing|ed)?|captur(?:es|ed|ing)|appear(?:s|ed
    |ing)? to (?:show|be)|purport(?:s|ed|ing|edly)? to (?:show|be)|depict(?:s|ed|ing)?|of) «[^.;"]{4,}»
footage | = | footage | \b(?:it|which|they|one|another|this|that|these|the (?:clip|video|footage
    |pictures?|images?|recording|film|photos?)) (?:clearly |also |appears? to |appeared to |seems? to |
    purports? to )?(?:show(?:s|ed|ing)?|captur(?:es|ed)|depict(?:s|ed)?) «[^.;"]{4,}»
footage | = |  | «\b(?:\d+|{NUMBER}) (?:seconds?|secs?|minutes?|mins?|s) (?:of (?:video|footage|film
    |shaky|clip)?|from|clip|video)\b[^.;,]*»
footage | = |  | «\b(?:a |the |this |that |my |our )?(?:[\w'-]+ ){0,2}?{SHOW}(?: (?:is |was |were |are )?
    (?:going (?:round|around|viral)|doing the rounds|circulating|making the rounds|shared|posted|taken
    |shot|filmed|published|attached|online|purporting|from|on|that|said to)\b[^.;"]*)»
footage | = | posts | «\bthat (?:[\w'-]+ ){1,2}thing(?: at [\d:]+)?»
footage | = |  | «\b(?:can't|cannot|could not|couldn't|unable to|not (?:yet )?been able to
    |not (?:been )?(?:possible|able) to|not (?:yet |been )*(?:independently )?) ?(?:say|verif\w+|confirm
    |tell|authenticat\w+|establish|determine|check)(?: [\w']+){0,4}? (?:where|when|whether|video|footage
    |clip|images?|pictures?|authenticity|filmed|recording)[^.;"]*»
footage | = |  | «\b(?:{THE} )?(?:[\w'-]+ ){0,2}?{SHOW}\b(?: (?:of|from|by|taken|shot|filmed|posted
    |circulating|shared|showing|purporting|seen|sent|published|attached|that|which|said|in which|on which
    |online)\b[^.;"]*| (?:had|have|has|was|were|is|are)(?: \w+)? (?:doctored|faked?|edited|staged|old
    |genuine|authentic|verified|unverified|altered|manipulated|shared|posted|removed|deleted|published
    |released|taken|filmed|shot|circulating|going)\b[^.;"]*| (?:could|can|cannot
    |did)(?: not)? be [^.;"]*)»
footage | = |  | «\b(?:filmed|photographed|captured|caught|recorded|videoed) (?:it|them|the|an?|by|on
    |from|with|at)\b[^.;"]{2,60}»
footage | = |  | «\b{SHOW} (?:to follow|below|attached|above|coming|here|in (?:the )?(?:thread|replies
    |comments|next post|link))\b»
footage | = |  | «\b(?:have|has|had|is|was|were|are)(?: not|n't)(?: \w+)?(?: been)? (?:verified
    |authenticated|geolocated)\b[^.;"]{0,40}»

response_taken | = |  | «\b(?:(?:timely|prompt|quick|decisive|swift|immediate|coordinated
    |professional) )+(?:actions?|measures?|steps|response|reaction|work)(?: (?:taken|carried out
    |made))?(?: (?:by|of|on the part of) {NP}(?: and {NP})?)?»
response_taken | = |  | «\b(?:actions?|measures
    |steps) (?:was |were |had been |have been )?taken(?: by {NP}(?: and {NP})?)?»
response_taken | = | event | «\b(?:were |was |been )?engaged(?: (?:with|by) {NP})?\b
    |(?:met with )?(?:warning|aimed|illuminating|signal) (?:shots?|fire|flares?|cartridges?
    |rounds?)(?: (?:was|were) fired)?(?: and (?:then )?with {NP})?|(?:{NP} )?(?:fired|loosed|sent up
    |launched|used) (?:\w+ )?(?:flares?|rockets? flares?|warning \w+|illumination)\b|flares were»
response_taken | = | not_flying | «\b(?:{NP} (?:and {NP} )?|he |she |they )(?:(?:was|were|is|are|has been
    |have been|had been
    |being)(?: \w+)? )(?:evacuated|activated|deployed|dispatched|alerted|raised|sounded|mobili[sz]ed
    |called(?: out| in| to)?|scrambled|summoned|placed on [\w ]*alert|put on [\w ]*alert
    |led to (?:the )?(?:shelter|cellar|safety)s?|taken to (?:a |the )?(?:shelter|safety|cellars?)
    |moved to (?:a |the )?(?:shelter|safety)|stood (?:to|down)|arrested|detained|questioned|searched
    |examined|lit|turned on|rung|manned|doubled|stepped up|reinforced|tightened|switched on
    |informed)\b(?: (?:to|by|into|on|around|for|from) [^.,;"]{3,50})?»
response_taken | = |  | «\b(?:{NP} )?(?:scrambled|dispatched|deployed|mobili[sz]ed|arrested|detained
    |opened an? (?:\w+ )?(?:investigation|inquiry|enquiry|case|criminal case)
    |launched an? (?:\w+ )?(?:investigation|inquiry|search|probe)|raised the alarm|sounded the alarm
    |took cover|evacuated|searched|cordoned off|sealed off
    |sent (?:up |out )?(?:an? |two |three )?(?:helicopters?|patrols?|divers?|boats?|cars?|jets?|fighters?
    |teams?|officers)|desp(?:atched|'d)?|called (?:the )?(?:police|army|fire brigade|coastguard)
    |tracked (?:it|them|the)|followed (?:it|them)|recov(?:ered)?)\b(?: [^.,;"]{3,50})?»
response_taken | = |  | «\b(?:{NP} )?(?:auth'?d|authori[sz]ed)\b»
response_taken | = | event | «\b(?:counter-?(?:drone|UAS|UAV)|jamming|air[- ]defen[cs]e) (?:equipment
    |systems?|measures?|units?)(?: [\w ]{0,40}?)? (?:was|were|has been|have been|had been) (?:used
    |activated|deployed|switched on|employed|engaged)»
response_taken | = |  | «\b(?:an? |the )?(?:(?:\w+ )?(?:investigation|inquiry|enquiry|search|manhunt
    |hunt)) (?:is|was|has been|had been|are) (?:under way|underway|launched|opened|begun|started|going on
    |continuing|ongoing)|sirens? (?:sounded|were sounded|wailed|went off)|on (?:high|full|heightened
    |maximum) alert|state of (?:alert|emergency)|all-clear|stand-?down|in the cellars?|took shelter
    |sheltering»
response_taken | = | not_flying | «\b(?:{NP} )?(?:has |have |had |is |are |was |were |been )*(?:summon(?:ed|s)
    |conven(?:ed|es)|step(?:ped|ping|s) up|tighten(?:ed|ing|s)|doubl(?:ed|ing)|reinforc(?:ed|ing)
    |strengthen(?:ed|ing)|recall(?:ed|s)|expel(?:led|s)|lodg(?:ed|es)|protest(?:ed|s)|appeal(?:ed|s)
    |urg(?:ed|es)|alert(?:ed|s)|notif(?:ied|ies)|interrupt(?:ed|s)|postpon(?:ed|es)|brought forward
    |calling in|called in|sweeping|swept|comb(?:ed|ing)|guarding|guarded|intercept(?:ed|ing)|pursu(?:ed
    |ing)|chas(?:ed|ing)|escort(?:ed|ing)|extinguish(?:ed|ing)|put out|examin(?:ed|ing|es)|analys(?:ed
    |ing)|investigat(?:es|ed|ing)|look(?:ed|s|ing) into|search(?:ing|es)|question(?:ed|ing)
    |interview(?:ed|ing)|warn(?:ed|ing) (?:residents|people|the public)|lit up|switched (?:on|off)
    |turned (?:on|off)|rang|sounded)\b(?: (?:the|an?|its|their|his|her|all|both|two|three|{NUM}|into|for
    |up|with)\b[^.,;"]{2,50})?»
response_taken | = |  | «\b(?:taken|sent|brought|handed|flown) (?:away |over )?(?:for|to) (?:(?:an?|the
    |further|forensic) )*(?:analysis|examination|laborator\w+|study|inspection|investigators|experts
    |police|forensic\w*|station)\b|(?:are|is|were|was|remains?
    |remained) (?:being |still )?(?:under investigation|investigated|investigating|examined|searched
    |looking into|studied|guarded|patrolled|on the scene|at the scene)\b|on patrol\b|patrols? (?:were|was
    |have|has|had|are)[^.,;"]{3,30}|(?:extra|additional|more) (?:patrols?|officers|guards|police
    |soldiers)[^.,;"]{0,30}»
response_taken | = |  | «\b{NP} (?:is|are|was|were) (?:still |already )?(?:at work|on (?:the )?(?:site
    |scene|spot|way)|at the scene|in attendance|deployed|mobili[sz]ed)\b»
response_taken | = |  | «\b(?:dealing with|tackling|fighting|attending(?: to)?|responding to|on (?:our
    |their|its) way to|working (?:on|to)|clearing|securing|making safe) {NP}»

response_threatened | = |  | «\b(?:(?:can|could|do|does|did|will|would|has|have|is|are|was)(?: not
    |n't)(?: \w+)? (?:rul(?:e|ed|ing) out|exclude[ds]?|hesitate)|nothing (?:is|was|has been) (?:ruled out
    |excluded)|not be ruled out|cannot be excluded|options? (?:is|are|remains?|were) on the table
    |on the table)\b[^.;"]{0,70}»
response_threatened | = |  | «\b(?:will|would|shall|may|might|must|could|should|'ll
    |'d)(?: \w+)? (?:be (?:forced|obliged|compelled|bound|made|driven|brought)|have (?:no choice
    |to (?:answer|reckon|pay|think|consider|bear))|think (?:again|twice)|reconsider|review|draw (?:its
    |our|their|the) (?:own )?conclusions|take (?:steps|measures|action|it further|counter)|pay|regret|rue
    |know how to|find (?:out|us|them)|know what|not (?:forget|forgive|stand by|sit|be (?:the last|silent
    |idle|tolerated|accepted)))\b[^.;"]*»
response_threatened | = |  | «\b(?:promis(?:ed|es|ing)|vow(?:ed|s|ing)|pledg(?:ed|es|ing)|threaten(?:ed|s
    |ing)?|warn(?:ed|s|ing)?|swor[en]|speaks? of|spoke of|hint(?:ed|s) at|demand(?:ed|s
    |ing)?) (?:of |an? |the |to |with |that |{NP} with )*(?:(?:\w+ )?(?:response|answer|retaliation
    |reprisals?|revenge|consequences|measures|steps|sanctions|punishment|reply|action|charges|prosecution
    |satisfaction)|respond|retaliate|answer|act|strike|punish|hit back|prosecute|arrest|shoot
    |sue)\b[^.;"]{0,60}»
response_threatened | = |  | «\b(?:the |our |their |its )?(?:answer|response|retaliation|reply|reaction
    |revenge|punishment|reprisals?) (?:will|shall|would|is going to|must)\b[^.;"]*»
response_threatened | = |  | «\b(?:further|other|additional|all necessary|appropriate|firm|harsh|severe
    |tougher|stern) (?:steps|measures|action|consequences|response|sanctions|punishment|penalties
    |reply)\b[^.;"]{0,50}»
response_threatened | = |  | «\b(?:reserv(?:es?|ed|ing)|retain(?:s|ed|ing)?|keeps?|has|have
    |had) (?:itself )?(?:the|its|their|our|every|a) (?:full )?right (?:to|of)\b[^.;]*»
response_threatened | = |  | «\b(?:retaliat(?:e|ion|ory)(?: \w+)?|reprisals?|revenge
    |counter-?measures will|(?:will|shall|would|must|can|cannot
    |may)(?: not)? (?:one day )?(?:be (?:asked to answer|held (?:to account|responsible|accountable)
    |punished|prosecuted|arrested|shot down|met with|answered|hunted|found and|fined|jailed|treated as
    |brought to justice|destroyed|charged|pursued|regretted|paid)|not (?:be )?(?:go|remain|left|stand
    |tolerated|unanswered)|(?:go|remain) un(?:answered|punished)|respond|answer|retaliate|strike back|pay
    |regret|face|expect|take (?:all|whatever|the|every|any)|open fire|shoot|hit back|act)\b)[^.;"]*»
response_threatened | = |  | «\b(?:(?:[\w'-]+ ){0,6}?can expect to|(?:anyone|any (?:person|aircraft|drone
    |craft|vessel|object|intruder)|whoever|those who|those caught|people who|violators?|trespassers?
    |intruders?|offenders?|owners|operators|pilots|persons)[^.;"]{0,60}? (?:will|can|may|risks?|faces?
    |shall|could|must expect|is liable|are liable|would)\b)[^.;"]*»
response_threatened | = |  | «\b(?:faces?|facing|risks?|liable to|punishable by|on pain of
    |under penalty of) (?:\w+ ){0,3}?(?:fines?|prison|jail|imprisonment|arrest|prosecution|charges
    |consequences|penalt(?:y|ies)|confiscation)[^.;"]*|(?:serious|grave|dire|severe) consequences[^.;"]*
    |at (?:a time|a moment|the time) and (?:place )?of (?:its|our|their) (?:own )?choosing
    |where and when it sees fit|when and where it sees fit|if (?:it|this) happens again[^.;"]*
    |next time[^.;"]{5,}»
response_threatened | = |  | \b(?:considering|contemplating|weighing|preparing|demand(?:ed|ing|s)
    |call(?:ed|ing|s) for|urg(?:ed|ing|es)|threaten(?:ed|ing
    |s)) «(?:{THE} )?(?:[\w'-]+ ){0,6}?(?:expulsions?|sanctions?|retaliation|response|strikes?|arrests?
    |prosecutions?|closures?|boycott|punishment|reprisals?|blockade|recall|to be (?:impounded|punished
    |shot|arrested|prosecuted|expelled|banned|hanged|jailed|seized))\b[^.;"]{0,40}»

comment | none | declines | «\b(?:(?:did|does|do|has|have|had|was|were|is|could|would|will|can)(?: not
    |n't)|cannot|never)(?: \w+){0,2} (?:comment(?:ed)?|respond(?:ed)?|repl(?:y|ied)|answer(?:ed|ing)?
    |return(?:ed)? (?:our|a|the|calls?|messages?|phone)|be reached|reachable|available(?: for| to)
    |be drawn|made? (?:a|any|no) (?:statement|comment)|get back|speculat\w+|issued? (?:a|any)
    |react(?:ed)?|elaborate|say (?:whose|who|what|how|why|where|when|whether|if|more|anything)|name (?:a
    |the|any|those|names)|identify|give (?:details|any|a|reasons)|confirm (?:or|nor)|discuss|explain
    |specify|disclose|provide (?:details|any|further)|go into|picking up|been heard from)\b[^.;"]*»
comment | none | declines | «\b(?:declin(?:ed|es|ing)|refus(?:ed|es|ing)) (?:to (?:comment|say|discuss
    |answer|confirm|be|speak|give|name|identify|elaborate|respond|speculate|disclose|explain|provide
    |reveal|go|take|talk|speak)|(?:any |all |further |immediate |to give )*(?:comment|statements?)
    |requests?|an interview)\b[^.;"]*»
comment | none | declines | «\b(?:no (?:immediate |official |further |public |stmt |other )*(?:comments?
    |statement|stmt|reaction|response|reply|answer|word from|remarks?)\b(?! (?:is
    |was) needed)[^.;"]{0,50}|neither confirm(?:ed|s|ing)? nor den(?:y|ied|ies)(?: it| this| that
    | the \w+)?|(?:would|could|will|can) neither [^.;"]*|unavailable for comment|would only say[^.;"]*
    |(?:wav|brush)(?:ed|es) (?:away|aside|off) (?:\w+ )?questions?|stopp?(?:ed|s|ing)? short of [^.;"]*
    |not going to (?:speculate|comment|say|discuss|guess|answer|get into)[^.;"]*|won't (?:speculate
    |comment|say|be|discuss|answer|go)[^.;"]*|(?:remain(?:ed|s)?|stay(?:ed|s)?|kept|keeps|has been|fell
    |was|is) (?:silent|tight-lipped|mum|quiet)\b[^.;"]*|kept silent[^.;"]*
    |left (?:the |a |our )?(?:\w+ )?(?:calls?|questions?|e?mails?|messages?|requests?) unanswered
    |went unanswered|(?:calls?|questions?|e?mails?|messages?|requests?)(?: [\w ]{0,30})? (?:unanswered
    |were not (?:answered|returned))|has made no [^.;"]*|made no (?:statement|comment|mention)[^.;"]*
    |blam(?:ed|es|ing) (?:no one|nobody)|(?:without|avoided|avoiding) (?:naming|blaming|accusing
    |commenting)[^.;"]*|draw your own conclusions?|rang off|hung up|put the phone down|walked (?:away
    |off) without[^.;"]*|ignored (?:our |the |a )?(?:questions?|requests?)[^.;"]*
    |nothing (?:further |more )?to (?:add|say)[^.;"]*|no further questions|you (?:would|will
    |'ll)? ?have to ask [^.;"]*|ask the [^.;"]{3,30})»
comment | none | declines | «\b(?:(?:has|have|had|is|are|was) yet to (?:respond|comment|reply|answer
    |react|say|issue|make|speak|give)[^.;"]*|(?:has |have |had )?said nothing[^.;"]*|(?:is|are|was|were
    |am)(?: not|n't) (?:commenting|answering|saying|talking|speaking|taking (?:calls|questions)|available
    |giving)[^.;"]*|(?:no ?one|nobody)(?: [\w']+){0,5} (?:available|answered|would (?:say|speak|comment
    |answer)|came to the phone|picked up|replied|to (?:comment|speak))[^.;"]*
    |without (?:further )?comment[^.;"]*|(?:had|has|have|with|offered|made|gave|given) no (?:comment
    |answer|explanation|reply|response|details?|further (?:details|comment|information)|view|opinion
    |statement)[^.;"]*|not (?:immediately )?available[^.;"]*|(?:gave|offered|made|received|got|drew
    |brought) no (?:reply|answer|response)[^.;"]*|silence\b[^.;"]{0,30}|shrug(?:ged)?[^.;"]{0,20}
    |shook (?:his|her) head|changed the subject|pass(?:ed)? on the question|not (?:a question
    |something) for [^.;"]*|(?:keeps?|keeping|kept) (?:its|their|his|her) (?:own )?counsel)»
comment | none | declines | «\b(?:(?:it is|it's|that is|that's) (?:not|n't) (?:for|up to) [^.;"]*|(?:does
    |did|do)(?: not|n't) mean [^.;"]*|(?:not|n't) (?:for me|my (?:place|job|business)|in a position
    |at liberty|prepared|ready|willing|able) to (?:say|comment|judge|speculate|discuss|confirm|answer
    |tell|speak|name)[^.;"]*|(?:too (?:early|soon)|premature) to [^.;"]*|will say (?:more
    |something) [^.;"]*|when (?:the time comes|we know more)|in due course|leave (?:it|that) (?:at that
    |there|to)[^.;"]*|make of (?:it|that) what you will|i have nothing [^.;"]*|(?:could|can)(?: not
    |n't) be (?:contacted|found|traced)[^.;"]*|let the call ring[^.;"]*|(?:switchboard|phone|line
    |telephone)[^.;"]{0,20} (?:rang|was engaged|went dead)[^.;"]*|did not (?:pick up|come to the (?:phone
    |door)|wish|want|care)(?! (?:his|her|their|to be (?:named|identified|quoted))) [^.;"]*)»
comment | none | declines | «\b(?:(?:he|she|they|it|who) (?:would|could|will) not (?:say|comment|be
    |discuss|answer|name|confirm|give|speak|elaborate))\b[^.;"]*|did not say [^.;"]*»
comment | none | declines | «\b(?:can't|cannot|could not|couldn't|unable to|not able to|won't
    |would not) (?:confirm|verify|speak to|get ahead of)\b[^.;"]{0,60}|not going to get ahead[^.;"]{0,60}»
comment | none | declines | «\b(?:reserv(?:es|ed|ing) (?:its |his |her |their )?judgements?|reserv(?:es
    |ed|ing) (?:its |his |her |their )?(?:judgment|comment|position|opinion)|(?:left|quit|stormed out of
    |walked out of) the (?:room|podium|table|hall|studio|briefing|line)|(?:would|could) say only[^.;"]*
    |said only that[^.;"]*|took no (?:questions|calls)|(?:waved|brushed|laughed) (?:the question|it
    |questions|reporters) (?:away|aside|off)|(?:no|without) (?:name|names) (?:was|were|being) (?:given
    |named|mentioned))\b»
comment | none | declines | «\b(?:no|without|nor any)(?: \w+){0,3} (?:questions?|observations?|comments?
    |information|details?
    |statements?|remarks?|announcements?|explanations?|answers?|names?)(?: \w+){0,2} (?:(?:will|would
    |shall) be
    |was|were|is|are|has been|have been|to be|being) (?:taken|offered|given|made|issued|provided|answered
    |released
    |supplied|available)\b[^.;"]{0,40}»
comment | none | declines | «\b(?:prefer(?:s|red)?|chose|choose|chosen|elected|opted|wish(?:es
    |ed)) not to(?: \w+)?\b[^.;"]{0,40}»
comment | none | declines | «\b(?:will|shall|would|'ll)(?: not|n't) be (?:commenting|discussing|answering
    |naming|drawn
    |releasing|giving|taking|making|saying|identifying)\b[^.;"]{0,50}»
comment | none | declines | «\b(?:all |any |further |other )*(?:questions|enquiries|inquiries
    |requests) (?:should|must|are to|may|can
    |will)(?: be)? (?:put|addressed|directed|referred|sent|go)\b[^.;"]{0,50}»
comment | none | declines | «\b(?:is|was|remains) (?:an? )?(?:matter|question|affair) for (?:{NP})»
comment | none | declines | «\b(?:would|will|could|did|does|do)(?: not|n't) (?:\w+ )?(?:connect|link|name
    |blame|identify|describe
    |characteri[sz]e|speak|let (?:me|us) (?:print|use|name))\b[^.;"]{0,40}»
comment | none | declines | «\b(?:name|named|naming|blame|accuse|identify|identified) (?:none|nobody|no one
    |no names?|no culprits?)\b»
comment | none | declines | «\b[^.;,"]{3,40}? (?:is|are|was|were)? ?not to be (?:confirmed|disclosed
    |released|named
    |published|quoted|given out)\b»
comment | none | declines | «\b(?:caution(?:s|ed)?|warn(?:s|ed)?|advise[sd]?) against (?:naming|blaming
    |speculat\w+|drawing|guess\w+|jumping
    )\b[^.;"]{0,30}»
comment | none | declines | «\b(?:does not|did not|doesn't|didn't|not) (?:pick(?:ed|ing)? up|being answered
    |reply to)\b[^.;"]{0,30}»
comment | none | declines | «\b(?:agreed|promised|arranged|was due|undertook|offered) to (?:meet|speak|talk
    |call|ring|answer|reply|come)
    [^.;"]{0,30}?\b(?:and then|but|then) (?:did not|never|failed to|cancelled)\b[^.;"]{0,20}»
comment | none | declines | «\b(?:[\w'-]+ ){0,3}?(?:neither|nor)(?: \w+'?s?){1,5} (?:would|will
    |could) (?:discuss|comment|say|answer|confirm)\b[^.;"]{0,30}»
whereabouts | = | principal | «\b(?:his|her|their) (?:plane|flight|train|car|convoy|motorcade|yacht|jet
    |ship|motor) (?:was|is|had|has
    |landed|arrived|left|never|touched|turned|did|took|flew|came|returned)\b[^.;"]{0,50}»
whereabouts | = | principal | «\b(?:had|has|having) (?:already |just |since )?(?:withdrawn|retired|gone
    |moved|driven|flown|walked|been taken
    ) (?:to|for|from|into|out|off|home|upstairs)\b[^.;"]{0,50}»
whereabouts | = | principal | «\b(?:watched|sat|waited|stood|dined|slept|prayed|worked|spoke
    |took part)(?: \w+){0,4} (?:from|in|at) (?:the
    |a|his|her|their) [^.;,"]{2,40}»
whereabouts | = | principal | «\b(?:was|were|is|are) due (?:in|at|back|home|to (?:arrive|land|return|speak
    |leave|stay))\b[^.;,"]{0,40}»
comment | none | declines | «\b(?:let (?:the|that|this|it)(?: \w+)? (?:question|one|remark|matter
    |subject) (?:pass|go|drop)|stonewalled|dodged the question|evaded[^.;"]{0,30}|side-?stepped[^.;"]{0,30}
    |ducked the question|(?:keeping|keeps|kept|keep|stays?|staying) (?:silent|quiet|mum
    |silence)[^.;"]{0,30}|(?:rang|rings) out[^.;"]{0,20}|rang unanswered|went to voicemail
    |(?:refer(?:s|red)|direct(?:s|ed)|point(?:s|ed)) (?:all |any |further |our |these )*(?:questions
    |enquiries|inquiries|queries|reporters|us|requests) to [^.;"]{3,40}
    |(?:left|departed|went|drove off|walked off) without (?:speaking|a word|saying|answering|comment\w*
    |taking)[^.;"]{0,30})»
footage | = | event | «\b(?:{THE} )?(?:[\w'-]+ ){0,2}?{SHOW} (?:is|are|was|were|dates?|dated) (?:{NUM}
    |[\w'-]+|from) [^.;,"]{0,20}(?:old|ago|earlier|last (?:week|month|year)|another [\w ]{3,30})\b»
footage | = |  | \b(?:handed out|gave out|gives out|distributed|displayed|produced|passed round|submitted
    |supplied|screened|played) (?:[\w'-]+ ){0,3}?«{SHOW}\b[^.;:"]*»
response_threatened | = |  | «\b(?:will|shall|would|must|cannot|'ll)(?: not|n't)? (?:leave|let) (?:this|it
    |that|such (?:an? )?\w+|the \w+) (?:unanswered|unpunished|pass|go|rest|stand)\b[^.;"]{0,40}»
response_threatened | = |  | «\b(?:is|are|was|were) (?:considering|contemplating|weighing|studying
    |preparing|looking at|thinking of) (?:legal action|a (?:law)?suit|a claim|charges|proceedings|an appeal
    |sanctions|measures|steps|a response
    |{PART})\b»
whereabouts | = | principal | «\b(?:was|is|were|are
    |had been) (?:not |never |no longer |still |already |just )?on (?:the |board|stage|(?:his|her
    |their) )[^.;,"]{0,30}»
whereabouts | = | principal | «\b(?:has|had|have) (?:since |now |already )?(?:resumed (?:his|her|their)
    |returned to|gone back to|left (?:the|for)|just left)\b[^.;,"]{0,40}»
comment | none | declines | «\b(?:would|will|could|can) (?:say|confirm|disclose) neither\b[^.;"]{0,50}
    |\b(?:that|this|it)(?: is|'s| was) (?:for|up to) (?:the|a|others|them|him|her)\b[^.;"]{0,40}»
whereabouts | = | principal | «\b(?:was|were|has been|had been|being) (?:hurried|rushed|bundled|led|taken
    |ushered|escorted|whisked|driven|flown) (?:out|away|off|from|to|into|down|through|back)\b[^.;,"]{0,40}»
response_threatened | = | ban | «\b(?:equipment|(?:any )?(?:{CRAFT})|devices?|machines?
    |vehicles?)[^.;"]{0,40}? (?:will|shall|may) be (?:confiscated|seized|impounded|disabled|destroyed
    |shot down|forfeit\w*)\b[^.;"]{0,40}»
comment | none | declines | «\b(?:would|could|will|can) (?:add|say|offer|confirm
    |tell us) nothing\b[^.;"]{0,30}»
"""
