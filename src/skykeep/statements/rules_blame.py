"""Who is said to have done it, what for, and what it was aimed at.

The form of a rule is told in `rules`.
"""

from __future__ import annotations

RULES_BLAME = r"""
attribution | = |  | \baccus(?:ed?|es|ing) «(?:{THE} )?{PART}»(?= of\b)
attribution | = |  | «\b(?:persons?|people|men|agents?|elements|individuals|operatives|mercenaries
    |parties|someone|somebody) (?:acting|working|hired|paid|sent|close|loyal|linked|in the (?:service
    |pay)) (?:for|by|to|with|on behalf of|of) {NP}»
attribution | = |  | \b(?:accus(?:ed?|es|ing)|blam(?:ed?|es|ing)|point(?:ed|s|ing) (?:the|a|its|his|her
    |their) fingers? at|suspects?|suspected|holds?|held) «{NP}»(?= (?:of|for|over|responsible|as)\b
    |[.,;"]|$| (?:on|in|at|after)\b)
attribution | = |  | \b(?:sent|launched|carried out|organi[sz]ed|staged|committed|ordered|directed
    |mounted|orchestrated|masterminded|flown|operated|controlled|piloted|perpetrated|conducted|dispatched
    |planned|steered|released|instigated|commissioned|backed|sponsored|guided|owned|attack|raid|strike
    |provocation|work) by «{NP}»
attribution | = |  | \b(?:belong(?:ed|s|ing)? to|registered to|the (?:work|handiwork|doing|hand|drones
    |machines|fault) of|hint(?:ed|s|ing)? (?:at|that)|point(?:ed|s|ing)? (?:to|towards|at)
    |traced (?:back )?to|suspicion (?:falls|fell|has fallen|is) on|responsibility (?:of
    |(?:for it |for this )?(?:lies|rests|falls|is)(?: \w+)? (?:with|on|upon|at))|at the behest of
    |on (?:the )?orders? of|in the pay of|agents? of|attributed to|laid at the door of) «{NP}»
attribution | = | event | \b(?:come|came|coming|flown|launched|sent|originat(?:ed|ing)|started|took off
    |taken off|crossed|crossing|arrived|flew(?: in)?|directed
    |controlled) (?:over )?from «(?:{THE} )?(?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)*»
attribution | = | actor | «\b{NP}» (?:was|were|is|are|stands?|stood|has been|had been
    |being)(?: \w+)? (?:behind (?:it|this|that|the|these|what)|responsible\b|to blame|the culprits?)
attribution | = | actor | «\b{NP}» (?:(?:has|have|had|again|once more) )*(?:attempted|tried|sought
    |undertook|undertakes|mounted|made|perpetrated|conducted|sponsored|dared|aimed|launched|sent
    |carried out|staged|attacked|sends?|launch(?:es)?|bombed|raided|struck|targeted|committed|directed
    |used|flew|fired|planned)\b(?! (?:by|from|at|to (?:contact|reach|call|say|explain|identify|find
    |establish|track|calm)))(?! (?:\w+ )?{SHOW})(?= (?:to|a|an|the|our|its|his|her|{CRAFT}|{NUM}|{NP}))
attribution | = | actor | «\b{NP}» (?:has|have|had) (?:hit|struck|attacked|bombed)\b
attribution | = |  | «\b{NP}»(?: has| have|,)? (?:claim(?:ed|s|ing)?|admitt?(?:ed|s)?|took|taken
    |accept(?:ed|s)?|deni(?:ed|es)|reject(?:ed|s)?) (?:any |all |full |the )*(?:responsibility
    |involvement|the attack)
attribution | = |  | \b(?:did|was|is) «(?!this|that|there|it|he|she|he|they|you|anyone|nobody
    |everyone)\w+» (?:do|behind|responsible for|send) (?:it|this|that|them)?
attribution | = |  | \b(?:those|the (?:people|men|persons|ones?)|whoever) (?:who|responsible
    |behind)[^.;"]{0,50}? (?:were|was|are|is|had been) «{NP}(?: (?:acting|working|hired|paid|sent) (?:for
    |by) {NP})?»
attribution | = | event | «\b(?:the |our |an? |two |three |foreign |local |some |known |unknown )*(?:enem
    (?:y|ies)|adversar(?:y|ies)|opponents?|aggressors?|occupiers?|terrorists?|extremists?|militants?
    |bandits?|gangsters?|mercenar(?:y|ies)|thugs?|vandals?|provocateurs?|infiltrators?|saboteurs?
    |separatists?|insurgents?|rebels|hackers?|hooligans?|activists?|smugglers?|poachers?|teenagers?
    |schoolboys?|youths?|hobbyists?|drone enthusiasts?|foreign (?:power|agents?|state|hand
    |intelligence services?)|hostile (?:state|power)|intelligence services?|secret service|criminals?
    |gang|cartel|inside job|a neighbouring (?:state|country)|students?)\b»(?! (?:acts?|attacks?
    |operations?|deeds?|pilots|hospital))
attribution | = | event | \b(?:markings?|insignia|colours|flag|emblem|badge|roundel
    |serial numbers?)(?: \w+)? (?:of|from) «{NP}»
attribution | = |  | \bfrom the (?:territory|coast|soil|waters|base|bases) of «{NP}»
attribution | = |  | \b(?:asked|wondered|whether|if|that|because|since|says?
    |said) «(?-i:[A-Z])[\w'-]+(?: (?-i:[A-Z])[\w'-]+)*»(?: itself
    | themselves)? (?:had |has |was |is |were |might |may |could |did )*(?:sent|send|launched|launch
    |flown|fly|behind|done|do|did|ordered|responsible|organi[sz]ed|staged|paid)\b
attribution | = | event | «\b(?:they|it|he|she) (?:\w+ )?(?:staged|faked|arranged|invented|flew
    |sent|launched) (?:it|this|them|the whole thing|the (?:drone|attack|flight)s?)(?: (?:themselves
    |itself|himself|herself|ourselves))?\b»
attribution | unknown |  | «\bwho(?:ever)? (?:was|is|were) (?:behind|responsible)[^.,;?"]{0,30}? (?:is
    |was|remains?) (?:not (?:yet )?(?:known|clear|established)|unknown|unclear|open)\b»
attribution | unknown |  | «\b(?:look(?:ing|s)?|search(?:ing|es)?|hunt(?:ing|s)?|appeal(?:ed|ing
    |s)?) for (?:the |its |their |an? |whoever |information (?:on|about) )*(?:operators?|pilots?|owners?
    |culprits?|perpetrators?|persons?|people|whoever|suspects?)[^.,;"]{0,40}|whose (?:it|they|{NP}) (?:was
    |were|is|are)[^.,;"]{0,30}
    |(?:has|have|had) not (?:yet )?(?:been )?(?:identified|traced|named)[^.,;"]{0,30}|(?:do|does
    |did) not (?:yet )?(?:blame|accuse|suspect|name)[^.,;"]{0,40}»
attribution | = | denies | «\b(?:had|has|have|with|took|takes|played|plays?) no (?:part|role|hand|share
    |knowledge|connection|links?|business|interest|quarrel|reason)\b[^.,;"]{0,40}»
attribution | = |  | «\b{NP}»,? (?:which|whom|who) (?:{NP} )?(?:(?:has|have|had) )?(?:accuses?|accused
    |blames?|blamed|suspects?|names?|named|identif(?:ies|ied)|holds responsible)
attribution | = |  | «(?-i:\b[A-Z][a-zà-ž]+(?:an|ish|ese|ic|ch|ek|er|ard|on)\b)»(?= (?:{CRAFT}|regime
    |provocation|aggression|attack|agents?|saboteurs?|operators?|pilots?))
attribution | = |  | «\b(?:the|this|that) (?:[\w'-]+ )?(?:regime|junta)\b»
attribution | = | denies | «\b(?:{NP} (?:had|has
    |have) |had |has |have )?(?:absolutely )?nothing (?:whatsoever )?to do with\b»
attribution | = |  | «\b(?:yes,? )?(?:it|that|this) was (?:us|me|we|our (?:doing|drones?|work|men
    |machines?)|my (?:doing|drones?|work|son))\b»
attribution | = | denies | «\b(?:not (?:so(?! much| many| far| long| well)|ours|our (?:drones?|doing|work
    |machines?|aircraft)|us|involved|responsible|behind|the (?:author|culprit)s?)\b|no (?:involvement
    |part in|role in|hand in|such (?:machines?|drones?|aircraft|devices?|operation))[^.,;]*|(?:own|owns
    |have|has|possess(?:es)?|operate[s]?|fly|flies|keep|make|flew|sent|send|launched) (?:no|none
    |neither) (?:such |of )?[^.,;"]{3,40}|(?:it|this|that) (?:was|is)(?: not|n't) (?:us|ours|our|me
    |any of)\b[^.,;]*)»
attribution | = | denies | «\b(?:(?:do|does|did|have|has|had|was|were|would|could)(?: not|n't|n'?t)|never
    |cannot) (?:\w+ )?(?:possess|own|operate|send|sent|launch(?:ed)?|order(?:ed)?|attack(?:ed)?|carry out
    |carried out|fly|flown|flew|do (?:it|this|that)|control(?:led)?|authori[sz]ed?|involved
    |behind)\b(?! (?:anyone|who))[^.,;"]{0,50}»
attribution | = | denies | «\b(?:all|none|every one|each) of (?:its|our|their|the|his
    |her) (?:own )?(?:\w+ )?(?:{CRAFT}|{THING}) (?:is|are|was|were|has|have|had|left)[^.,;"]{3,50}»
attribution | = | denies | \b(?:denie[sd]|deny|denying|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?
    |refute[sd]?|disput(?:es|ed)|disown(?:s|ed)|rebuff(?:s|ed))(?: as \w+)? «[^.;"]{2,120}»
attribution | = |  | «\b(?:(?-i:[A-Z])[\w-]+'s own|(?:its|their|his|our|one's) own (?:people|side|men
    |forces|troops|drones?|machines?|doing))\b»
attribution | = |  | «\b(?:has|have|had|with|bears?|carries|showed|shows) (?:{NP} written all over it
    |(?:all )?the (?:hallmarks?|fingerprints?|signature|handwriting|marks?|stamp) of {NP})»
attribution | = | denies | «\b[^.;"]{0,40}\b(?:of ours|of theirs|not our \w+|we (?:own|have|fly|operate
    |possess|keep|got) (?:no|none|not|never)(?: \w+){0,3}|we (?:do|did|does|would|could|have|had|were
    |are)(?: not|n't| never)(?: \w+)? (?:do|done|send|sent|launch(?:ed)?|fly|flown|own|attack(?:ed)?|have
    |possess|operate|target(?:ed)?|used?|involved|afford)|we (?:never|cannot|can't|couldn't) (?:sent|do
    |send|launched?|flew|fly|own|attack(?:ed)?|have|possess|operate|afford))\b[^.;"]{0,40}»
attribution | = | denies | «\b(?:is|was|are|were)? ?(?:not true|untrue|false|a lie|(?:all|nothing but
    |pack of|are|were) lies|nonsense|a fairy ?tale|fairy ?tales|made up|made-up
    |an? (?:\w+ )?(?:fabrication|invention|fantasy|slander|smear|provocation by|libel|myth|insult|affront
    |calumny|defamation|hallucination|paranoia|red herring|distraction|farce)|ridiculous|absurd|laughable
    |ludicrous|baseless|groundless|without foundation|unfounded|far-fetched)\b[^.;"]{0,70}»
attribution | = | denies | «\b(?:never|not|nor)(?: \w+){0,2} (?:accus\w+|blam\w+|said (?:it|that|so|this)
    |say (?:it|that|so|this)|told [^.;"]{3,40}|claimed|uttered|suggested|alleged|named|withdrawn?
    |retracted?|admitted)\b[^.;"]{0,60}»
attribution | = | corrects | «\b(?:[\w'-]+ ){0,3}?(?:takes?|took|taken
    |taking) (?:that |it |this |the (?:\w+ )?)?back\b[^.;"]{0,40}»
attribution | = | corrects_any | «\b(?:[\w'-]+ ){0,3}?(?:(?:takes?|took|taken|taking) back
    |no longer (?:denie[sd]|deny|claims?|blam(?:e|es|ed|ing)|accus(?:e|es|ed))|(?:withdr[ae]w[ns]?
    |retract(?:s|ed)?|dropp?(?:ed|s|ing)|walk(?:ed|s) back|row(?:ed|s) back|disown(?:s|ed)
    |softened?)(?: \w+){0,3} (?:accus\w+|claims?|denials?|charges?|allegations?|statements?|words
    |remarks?|messages?|versions?|suspicions?|congratulations|comments?|apology))\b(?: [^.;",]{1,60})?»
attribution | = | corrects_any | «\b(?:[\w'-]+ ){0,2}?(?:was|were|had been|been|is) (?:misunderstood
    |misquoted|mistranslated|misreported|misheard|wrongly quoted|quoted out of context
    |taken out of context|not authori[sz]ed[^.;"]*)»
attribution | = | denies | «\b(?:[\w'-]+ ){0,4}?(?:den(?:y|ied|ies|ying)|denials?)\b[^.;"]{0,60}»
attribution | = | denies | «\b(?:not to attack|did not attack|has not attacked|have not attacked
    |does not attack|do not attack|attack no|(?:pure |complete |total |utter )?(?:fabrication|invention
    |nonsense|slander|fiction)|baseless|unfounded|groundless|absurd)\b[^.,;"]{0,30}»
attribution | unknown |  | «\b(?:(?:of )?(?:unknown|undetermined|unidentified|unestablished
    |uncertain) (?:origin|nationality|operators?|pilots?|perpetrators?|persons?|ownership|owner)
    |(?:nationality|origin|ownership|operator|owner
    |pilot)s? (?:is |are |was |were |remains? |has )?(?:not (?:yet )?(?:been )?(?:known|established
    |identified|determined|clear)|unknown|unclear)|no (?:ID|identification|trace|sign
    |sight) of (?:the |an |any )?(?:op\w*|pilots?|owners?|operators?)|(?:not|n't) (?:yet )?(?:known|clear
    |know|say|established) (?:who|whose|where (?:it|they) came)[^.,;"]*|no (?:idea|indication|evidence
    |information) (?:of |as to |about )?(?:who|whose)[^.,;"]*|unclear (?:who|whose|where)[^.,;"]*
    |(?:about|as to|establish|of) (?:who|whose)(?: \w+)? (?:sent|flew|flying|was flying|launched|behind
    |controll?ed|operated|were|is|it was|owned)[^.,;"]*|no (?:group|one|organi[sz]ation
    |country) has claimed[^.,;"]*|too early to (?:say|tell|know)[^.,;"]*|op(?:erator)? unk\w*)»
attribution | = | denies | «\b(?:neither|not|never) (?:planned|ordered|sent|launched|carried out|paid
    |took part|financed|directed|involved|sanctioned|approved|supported|knew|flew
    |commissioned)\b[^.;"]{0,80}»
attribution | unknown |  | «\b(?:owners?|operators?|pilots?|culprits?
    |perpetrators?)(?: of [^.;"]{3,25}?)? (?:has|have|had) (?:not|n't)(?: yet)? (?:come forward
    |been (?:found|identified|traced|named|located))\b»
attribution | = | denies | «\b(?:do|does|did|has|have|would|will|shall)(?: not|n't
    | never) (?:\w+ )?(?:make war|made war|wage war|waged war|bomb|fight|harm(?:ed)?|target(?:ed)?
    |threaten(?:ed)?|spy|interfere|meddle|play such)\b[^.;"]{0,60}»
attribution | = | event | \b(?:launched|released|controlled|operated|directed|steered|flown|sent up|sent
    |taken off) (?:\w+ )?from «(?:an?|the) (?!north|south|east|west|air|ground|river|sea\b|sky){NP}»
attribution | = | actor | \b(?:whether|if|that) «{NP}» (?:had|has|have|played|was|were|is|may have had
    |might have had) (?:an? |any )?(?:hand|part|role|involved|behind|responsible|complicit|implicated)\b
attribution | unknown |  | «\bwho(?:m|se)? (?:they|it|the \w+|these|those) (?:belong(?:s|ed)? to
    |answer(?:s|ed)? to|work(?:s|ed)? for|are|were|is|was)\b[^.;,"]{0,30}»
attribution | unknown |  | «\bno (?:\w+ )?(?:operators?|pilots?|owners?|suspects?|culprits?
    |persons?)(?: of [^.;"]{3,20})?(?: (?:was|were|has been|have been|had been))?(?: yet)? (?:seen|found
    |located|identified|traced|sighted|named|detained|arrested)\b»

motive | = |  | «\b(?:an? |the |their |another )?(?:attempt(?:ed|ing|s)?|tr(?:ied|ying)|sought|intended
    |meant|designed|planned|want(?:ed)?|wanted|out|mission) to (?:strike|attack|hit|kill|assassinate
    |destroy|bomb|murder|harm|frighten|scare|provoke|intimidate|disrupt|humiliate|sow \w+|spy|film
    |photograph|reach|test|probe|smuggle|drop|deliver|disturb|embarrass|divert)\b»
motive | = |  | «\b(?:(?:{THE}) (?:(?<!\x1f)(?!heart\b|counter\b|panic\b|asthma\b|lightning\b
    |our\b)[\w'-]+ ){0,2}?)?(?<!heart[ ])(?:{ATTACK})\b»
motive | = | event | «\bto (?:frighten|scare|provoke|intimidate|humiliate|sow|spy on|film|photograph
    |probe|smuggle|embarrass|distract|kill|assassinate|test (?:our|the|its|their))\b[^.,;"]*»
motive | = | event | «\b(?:(?:an?|the|some|routine|planned|simple) )?(?:\w+ )?(?:tests?|exercises?
    |drills?|training(?: flight)?|survey(?: flight)?|filming|photo shoot|delivery|advertis\w+|joke|dare
    |accident|navigational error|distraction|diversion|demonstration|spy(?:ing)?|scouting
    |smuggling)\b(?: (?:flight|run|mission|of {NP}))?»(?! (?:of|from) (?:the )?(?:ministry|service
    |speaker))
motive | = | doubts | «\b(?:whatever (?:did or did not happen|happened)|what (?:it|he|she
    |they) calls? [^.,;]+)»
motive | = |  | «\bfor (?:fun|a laugh|a bet|a dare|a film|a wedding|money|revenge|the cameras?|practice
    |training|advertising|a prank|a joke|effect|publicity)\b»
motive | = | event | «\b(?:out of (?:revenge|curiosity|boredom|spite|malice|mischief|stupidity)
    |by (?:mistake|accident|error)|in (?:revenge|retaliation|error|jest|anger)|(?:got|had) lost
    |lost (?:its|their|his) way|strayed|went astray|off course|accidental(?:ly)?)\b»
motive | = |  | «\b(?:its|their|his|her|the|whose) (?:aim|purpose|goal|object|mission|task|intention
    |motive|idea|plan) (?:was|is|had been|were) (?:only |merely |just )?to\b[^.,;"]{3,60}»
motive | = | event | «\b(?:want(?:ed|s)?|hop(?:ed|ing|es)|(?<!and\W)(?<!forces\W)mean[ts]?
    |plann?(?:ed|ing|s)|intend(?:ed|s|ing)?|tr(?:ied|ying)|attempt(?:ed|ing)|sought|out|sent
    |used|there|designed) to (?!be\b|ensure\b
    |prevent\b|protect\b|allow\b|keep\b|safeguard\b|guarantee\b|help\b|enable\b|make\b|stay\b|remain\b
    |say\b|comment\b|contact\b|reach (?:him|her|us|the ministry)|stop\b|calm\b|find\b|call\b|speak\b
    |explain\b)\w+\b(?: {NP})?»
motive | = | event | «\b(?:part of|for) (?:an? |the )(?:\w+ )?(?:film|exercise|drill|test|show
    |advertisement|wedding|survey|competition|demonstration|campaign|celebration|rehearsal)\b»
motive | = |  | «\b(?:an? |this |the )?(?:\w+ )?(?:intrusion|infiltration|trespass(?:ing)?|harassment
    |nuisance|mischief|vandalism|declaration of war|crime|outrage|barbarity|cowardly act|hostile act
    |unfriendly act|criminal act|violation of (?:our |the |its )?(?:airspace|sovereignty)
    |breach of (?:our |the |its )?(?:airspace|sovereignty)|infringement|show of (?:force|strength))\b»

target | = |  | \b(?:wanted|meant|tried|trying|attempted|attempting|attempt|hoped|planned|sought|intended
    |failed|set out|plotted|aiming|able) to (?:strike|attack|hit|kill|assassinate|destroy|bomb|reach
    |murder|get at|get to|damage|target|ram|harm) «(?!them\b|it\b|him\b|us\b){NP}(?: in {NP})?»
target | = |  | \b(?:their|its|the|whose|real|intended|likely|main|possible|probable)(?: \w+)? (?:target
    |objective|goal|destination|aim)(?: (?:was|is|were|had been|may have been|might have been
    |could have been|must have been|appears? to (?:be|have been)|seems? to (?:be
    |have been)))(?: not)? «(?!to\b){NP}»
target | = |  | \b(?:aim(?:ed|ing|s)?|fly|flew|flying|fired|heading|headed|steer(?:ed|ing)|swooped|dived
    |diving|raced|racing|came|coming|straight|directly) (?:straight |directly |deliberately )?(?:at|for
    |upon|straight into|directly into) «(?!least\b|once\b|about\b|night\b|them\b|it\b|him\b|us\b
    |the time\b|\d|{NUMBER}\b|an altitude|low|high){NP}»
target | = |  | \b(?:(?:attacks?|strikes?|raids?|attempts?|assaults?|bombings?|drones?|provocation
    |aggression|act|vehicles?|vehicles|apparatuses|missiles?) (?:against|upon)|(?:attacks?|strikes?
    |raids?|attempts?|assaults?|bombings?) on|aimed (?:directly )?(?:at|for|against)|directed (?:at
    |against|towards|upon|on)|target(?:ed|ing|s)?(?: was| were)?(?: in fact)?|(?:attempted|tried|trying
    |sought|meant|intended|planned|designed) to (?:strike|attack|hit|kill|assassinate|destroy|bomb|reach
    |murder)|(?:head(?:ed|ing)|bound|mak(?:ing|e)|mad|made|flying|flew|moving|moved|going|set out|came
    |coming|racing|sped) (?:straight |directly |low )?(?:for|at)|assassinat(?:e|ion of)|on the life of
    |attack(?:ed|ing)|hdg for|intended for|meant for|plot against|sen[dt] {CRAFT} (?:at
    |against)) «(?!others\b|any(?:one|body)\b|least\b|most\b|all\b|once\b|work\b|about\b|around\b|night\b
    |dawn\b|\d|the time\b
    |them\b|it\b|him\b|us\b|{NUM} )(?:both )?{NP}(?: in {NP})?»
target | = | event | «\btowards? (?!the end)(?:{NP})»
target | = |  | «\b{NP}»(?: itself)? (?:was|were|is|had been|may have been|might have been|must have been
    |could have been)(?: \w+)? (?:the |their |its )?(?:intended |real |likely |actual |true |main )?
    (?:target|objective|aim|destination)\b
target | = |  | «\b{NP}» (?:was|were|had been)(?: \w+)? (?:targeted|attacked|under attack|the object)\b
target | = | event | \b(?:has|have|had|{CRAFT}|{THING}|one|it|they|which|first|second|third|fourth|fifth
    |last|other|others|another|both) (?:hit|hits|struck|strikes)(?! by\b) «(?!the (?:water|sea|ground
    |river|lake)\b){NP}»
target | = |  | \b(?:assassination attempt|attempt)(?:s)? (?:on|targeting|against) «{NP}»
target | = |  | \b(?:attempted |planned )?(?:assassination|murder|killing) of «{NP}»
target | = | event | \b(?:(?:drone|air|missile) )?(?:attack|strike|raid|attempt|assault)s? (?:\w+ )?(?:on
    |against|at) «{NP}(?: at {NP})?»
target | = | event | \b(?:approach(?:ed|ing|es)|bearing down on|bore down on|clos(?:ed|ing) (?:in )?on
    |ma(?:de|king) straight for|swooped on|dived on|mobbed|buzzed) «(?!from\b|the coast\b|at\b){NP}»
attribution | = |  | \b(?:proceedings|charges?|the case|complaint|warrant) against «(?:the )?{PART}»
attribution | = | event | \bsuspects? «(?-i:[A-Z])[\w'.-]+(?: (?-i:[A-Z])[\w'.-]+)*»
attribution | unknown | event | «\b(?:nothing|no evidence|no reason) to (?:tie|link|connect) [^.;"]{3,50}»
attribution | = | event | «\bsome(?:body|one) (?:with|who) [^.;,"]{3,40}»
attribution | = | event | \b(?:flown|sent|launched|controlled|steered|taken|retrieved|fetched
    |collected)(?: \w+)?,?(?: (?:we|they|it is|police) (?:assume|believe|suppose|think
    |presume)[sd]?)?,? by «(?:its|the|an?|some) (?:[\w'-]+ ){0,2}?(?:owners?|operators?|pilots?|hobbyists?
    |enthusiasts?)»
motive | = | event | «\b(?:revenge|reprisal|retaliation|punishment|payback) for (?:{NP})»
motive | = | event | «\b(?:its|their|his|her|whose) (?:[\w'-]+ )?(?:aim|purpose|goal|object|mission|task
    |intention|motive|plan) (?:was|had been|were) to\b[^.,;"]{3,60}»
motive | = | event | «\b(?:attempt(?:ed|s|ing)? (?:on )?|made no attempt on )(?:the|his|her|their
    |any(?:body|one)'s|[\w'-]+'s) (?:life|lives)\b»
motive | = | event | «\b(?:trying (?:out )?|testing |probing |measuring |timing |rehearsing )(?:the|our|its
    |their|an?) [^.;,"]{3,40}»
motive | = | event | «\b(?:nothing|no reason|no evidence|no sign)(?: to (?:suggest|suspect
    |indicate)| of) (?:terrorism|terror|an attack|sabotage|malice|hostility|intent|ill will)\b»
motive | = | event | «\b(?:want(?:ed|s)?|after|looking for) (?:pictures|film|footage|money|attention
    |publicity|revenge|a (?:good )?view)\b[^.;,"]{0,30}»
attribution | = | event | \blaid (?:it|this|(?:the |this )?(?:[\w'-]+ )?(?:attack|blame|drones?|incident
    |flight)) at «{PART}»(?:'s)? (?:door|feet)
attribution | = | denies,event | «\b(?:we|they|it|{NP}) had (?:no|none of (?:its|our
    |their)) (?:\w+ )?(?:{CRAFT}) (?:in the air|up|aloft|flying|airborne|there)\b[^.;,"]{0,30}»
attribution | = | event | \b(?:came|come|flown|launched|sent|took off|flew(?: in)?) from «(?:across|over
    |beyond|behind|inside|the other side of) (?:{NP})»
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
motive | = | event | «\b(?:wanted|wants|after|hoping for) (?:an?|the
    |some) (?:good |better |close )?(?:picture|film|look|view|photograph|photo|shot of)\b[^.;,"]{0,40}»
motive | = | event | «\baimed at \w+ing\b[^.;,"]{0,40}»
"""
