"""What is forbidden, to whom not, and why.

The form of a rule is told in `rules`.
"""

from __future__ import annotations

RULES_BAN = r"""
restriction | = |  | «\b(?:[\w'&/-]+ ){0,7}?(?:is|are|was|were|will|shall|be|been|being|stays?|stayed
    |remains?|remained|has|have|to|now|again)(?: (?:be|been|remain|remains|stay|to be|now|also|temporarily
    |still|again|currently))* {BARRED}\b(?: (?!so (?:that|nobody|no one)|when\b|with a view|for reasons
    |on grounds|following|after
    |amid|owing|due to|except|unless
    |because|to (?:prevent|protect|allow|let|keep|ensure|avoid|enable|help)|for (?:safety|security|search)
    |with the exception|apart|other than|save|while|in order|as a)[\w':/.&-]+){0,14}»
restriction | = |  | «\b(?:a |the |no )?
    (?:temporary |total |complete |blanket |immediate |permanent |partial )*(?:ban on|ban of|no-?fly zone
    |curfew|flight ban|drone ban|exclusion zone|prohibition (?:on|of)
    |(?:flight |flying |airspace |temporary )restrictions?|NOTAM|closure of|TFR|restricted (?:area
    |zone))\b(?: (?!so (?:that|nobody|no one)|when\b|with a view|for reasons|on grounds|following|after
    |amid|owing|due to|except
    |unless|because|to (?:prevent|protect
    |allow|let|keep|ensure)|apart|save|will not)[\w':/.-]+){0,12}»
restriction | = |  | «\b(?:no (?:flying|flights?|drones?|unmanned|aircraft|person|one|vessels?|boats?
    |vehicles?|traffic|entry|access|landings?|take-?offs?)(?: (?:of|is|are|may|shall|will|to|over|within
    |below|by|through|can|must|until|from|between)\b)(?: (?!so (?:that|nobody|no one)|when\b|with a view
    |following|after|amid|owing|due to
    |except|unless|because)[\w':/.-]+){0,12}|(?:[\w'-]+ ){0,8}?(?:must|may|shall|should|can|do|are
    |is) (?:not|no longer|never) (?:to )?(?:be )?(?:fly|flown|flying|enter|land|take off|operate|operated
    |approach|launch|launched|use|used|pass|walk|leave|publish(?:ed)?|photograph(?:ed)?|film(?:ed)?|share
    [d]?|sail|cross|moor|swim|be \w+ed)\b(?: (?!so (?:that|nobody|no one)|when\b|with a view|for reasons
    |on grounds|following
    |after|amid|owing|due to|except|unless
    |because)[\w':/.-]+){0,12}|keep (?:away|clear|out)[^.,;"]*)»
restriction | = |  | «\b(?:[\w'-]+ ){0,4}?(?:clos(?:ed|es|ing)|shut(?:s)?|clsd|suspend(?:ed|s)|ground(?:ed
    |s)|bann?(?:ed|s)|prohibit(?:ed|s)?|halt(?:ed|s)|block(?:ed|s)|seal(?:ed|s) off|stopped|forbids?
    |forbade|cordon(?:ed|s) off|diverted|cancelled|evacuated?) (?:(?:the|all|its|their|to|any|both|every
    |two|several|our|his)\b|(?:chan|airspace|flights|roads?|schools|traffic|drones?|unmanned|\d{4}Z?)\b)
    (?: (?!so (?:that|nobody|no one)|when\b|with a view|for reasons|on grounds|following|after|amid|owing
    |due to|except|unless
    |because|exc\b|for search|for safety)
    [\w':/.&-]+){0,10}»
restriction | = |  | «\b(?:[\w'-]+ ){0,3}?(?:re-?open(?:s|ed|ing)?|runs? again|(?:was|were|been|is
    |are) lifted|resum(?:ed?|es)(?! (?:his|her|their|its|work|duties))|closed|shut)\b(?: (?:from|at|on|to
    |until|till|til|in|again|for
    |by) [^.,;"]{2,40})?»
restriction | = |  | «\b(?:[\w'-]+ ){0,5}?(?:must|have to|has to|are to|is to|shall|are asked to
    |are required to|are obliged to|are told to|are requested to|should|were told to|was told to) (?:remain
    |stay|keep|be kept|wait|turn back|anchor|avoid|go round|steer clear|leave)\b(?: (?!so (?:that|nobody
    |no one)|when\b|with a view|for reasons|on grounds|following
    |after|amid|owing|due to|except|unless|because)[\w':/.-]+){0,10}»
restriction | = |  | «\b(?:prohibiting|banning|barring|forbidding|restricting|outlawing|grounding|closing
    |suspending|halting|limiting) (?:the |all |any |its |their )?(?:{NP})(?: (?:over|within|in|near|above
    |to|until|from|around|below) [^.;,"]{2,40}){0,2}»
restriction | = |  | «\b(?:(?:is|be|becomes?|was|made) )?(?:illegal|unlawful|against the law|an offence
    |a crime|forbidden) (?:to|for|from)\b[^.;,"]{3,60}»
restriction | = |  | «\b(?:[\w'-]+ ){0,6}?(?:will not|won't|cannot|can't) (?:resume|re-?open|depart
    |take off|operate|run|fly|sail|be opened|start)\b(?: [^.;,"]{2,40})?»
restriction | = |  | «\b(?:[\w'-]+ ){0,4}?(?:barr(?:ed|ing)|block(?:ed|ing)|exclud(?:ed|ing)|turned (?:away
    |back)) (?:from|to|for) (?:{NP})(?: (?:until|till|for|from) [^.,;"]{2,30})?»
restriction | = |  | «\b(?:(?:is|are|was|were|be|remains?|stays?) )?(?:out of bounds|off limits
    |no longer open|not open|under lock|closed off|roped off|taped off|forbidden ground|declared (?:closed
    |shut|a [\w-]+ zone))\b[^.,;"]{0,50}»
restriction | = | ban | «\b(?:kites?|balloons?|model aircraft|lanterns?|gliders?|fireworks|paragliders?)
    [\w ]{0,12} (?:too|as well|included|also|likewise)\b»
restriction | = |  | «\b(?:please |motorists (?:are asked to|should) |residents (?:are asked to
    |should) |people (?:are asked to|should) )avoid {NP}|avoid the area\b»
restriction | = |  | «\b(?:(?<!\x1f)[\w'-]+ ){0,4}?(?:{PART} )?(?:abandoned|postponed|cancelled|called off
    |suspended|halted|closed|banned)\b»(?=[.,;]|$| (?:until|till|for|from)\b)
exception | = |  | \b(?:except(?:ing)?(?: for| by| with| that)?|apart from|other than|save(?: for| that)?
    |excluding|with the (?:sole |only )?exceptions? of|does not (?:apply to|extend to|affect|cover|concern
    |include|touch|bind)|do(?:es)? not (?:apply|extend) to|exempt(?:ed)? (?:are|is|were)|excluded (?:are
    |is)|not appl(?:y|ies|ying) to|exempt(?:s|ing|ion for|ions for)?|exemptions? (?:for|to)|but for
    |bar|barring|aside from|exc(?:l|ept)?\.?|but not) «(?!that\b|it\b)(?:(?!, (?:in order|so that|so as
    |because|to|for|while|as)\b)[^.;"-]){3,90}»(?=[.;",-]|$)
exception | = |  | \b(?:except(?:ing)?(?: for| by| with)?|apart from|other than|save for|excluding
    |with the exception of|does not apply to|do not apply to|exempts?) «[^.;,"]{3,90}»
exception | = |  | «\bunless [^.;]{3,120}»
exception | = | ban | «\b{NP}(?:,? (?:and|or|&) {NP})?»,? (?:excepted|exempt(?:ed)?|exc\b(?!\.? \w)
    |excluded|not (?:affected|included)|(?:are|is|remain|remains|will be|may be|were|was|has been
    |have been) (?:exempt(?:ed)?|not (?:affected|included|covered)|excluded|(?:still )?(?:allowed|permitted
    |fine|ok|okay|welcome|free)|unaffected)|may (?:still |continue to )?(?:fly|pass|enter|operate|land|use)
    |can (?:still )?(?:fly|pass|enter|operate))
exception | = | ban | «\b(?:{NP})(?: (?:that|who|which|already|now|then|with|on) [^.,;"]{2,40}?)?» (?:may
    |might|can|could|will still|are free to|are still|is still|were
    |was) (?:still |nevertheless |continue to )?(?:come|go|return|pass|leave|sail|cross|continue|fly|enter
    |stay|be used|be let|let|operate|proceed|land|use|allowed|permitted|walk|drive|run|work)\b
exception | = | ban | \b(?:not (?:including|counting)|leaving out|with room for|excused|exceptions? (?:is
    |are|will be|were|was) (?:made )?(?:for)?) «[^.;,"]{3,60}»
exception | = | ban | «\b{NP}» (?:are|is|were|was|being|as|form|remain) the (?:only|sole|one
    |single) exceptions?
exception | = | ban | \bonly «(?:{NP}(?:,? (?:and|or|&) {NP})*)»(?: (?:may|can|will|are|is|with|get
    (?:ting)? through|let through|allowed|admitted|permitted|pass(?:ing)?|let in)\b|[.,;])
exception | = | ban | «\b(?:without|with|by|under|holders? of|provide|subject to|against)
    (?: \w+)? (?:an? )?(?:[\w'-]+ ){0,3}(?:permits?|permission|licen[cs]e|authori[sz]ation|approval|pass
    |waiver|clearance|consent)\b[^.;,"]{0,40}»
exception | = | ban | «\b(?:permits?|permission|passes|exemptions?) (?:can|may|will|must|are|is|to be)
    [^.;,"]{3,60}»
purpose | = | ban | «\b(?:so that|in order (?:to|that|not to)|so as (?:not )?to|to (?:prevent|protect|allow
    |let|keep|ensure|avoid|enable|help|make|give|clear|stop|safeguard|facilitate|assist|reduce|guard
    |guarantee|spare|permit|free)|(?:is|was|are|were|been)? ?(?:meant|intended|designed|aimed|needed
    |necessary) (?:to|at|for)|because(?: of)?|out of (?:concern|caution|respect)|while|due to|owing to
    |in the interests? of|lest|in view of|having regard to)\b [^.;]{3,120}»
purpose | = | ban | «\bfor (?:(?:the|public|their|its|your|own|operational|all our|our|reasons of
    |everyone's) )*(?:safety|security|protection|search(?:es)?|rescue|repairs?|investigations?|inspections?
    |benefit|sake|good|work|recovery|clearing|clean-?up|experts|divers|sappers|police|purposes?)\b
    [^.;,"]{0,60}|on (?:\w+ )?grounds(?: of [^.;,"]{3,40})?|on grounds of [^.;,"]{3,50}»
purpose | = |  | «\bas a (?:\w+ )?(?:matter of )?(?:precaution|security|safety)\w*(?: measure)?
    |as (?:a )?precaution(?:ary measure)?s?|out of (?:an abundance of )?caution|for (?:safety
    |security) reasons?|for reasons of (?:safety|security)|for (?:public|your own) safety»
purpose | = | ban | «\b(?:we|they|the \w+) (?:need|needs|want|wants|must|have to|require)\b [^.;"]{3,80}»
purpose | = | ban | «\b(?:purpose|aim|reason|point|object)(?: of (?:it|this|the \w+))? (?:is
    |was) [^.;"]{3,90}»
purpose | = | ban | «\b(?:[\w'-]+ ){0,8}?(?:obstruct(?:s|ed|ing)?|hinder(?:s|ed|ing)?|hamper(?:s|ed|ing)?
    |interfer(?:es?|ed|ing)|imped(?:e|es|ing)|get(?:s|ting)? in the way|mak(?:e|es|ing) it (?:harder
    |difficult|impossible)|endanger(?:s|ed|ing)?|confus(?:es?|ing)|distract(?:s|ing)?)\b[^.;"]{0,80}»
purpose | = |  | «\bwith the (?:goal|aim|purpose|intention|object) of\b[^.;"]{3,80}|(?:is
    |was) (?:all )?about (?:keeping|letting|making|protecting|giving|helping)\b[^.;"]{3,80}»
purpose | = | ban | «\b(?:the (?:measure|ban|closure|order|step|rule|zone)|it|this|which) (?:serves?|served
    |protects?|protected|prevents?|prevented|allows?|allowed|helps?|helped|keeps?|kept|makes?|was made
    |is made|is there|was there|is intended|was intended|is meant|was meant|is needed|was needed|had to)\b
    [^.;"]{2,80}»
restriction | = |  | «\b(?:no|strictly no) (?!\w+ing (?:was|were|is|has|to|of|in (?:his|her
    |their)))(?:[a-z]+ing|entry|access|admittance|passage|take-?offs?)\b(?: (?:within|in|near|at|on|off
    |over|between|beyond|inside|from|until|after|by|along)\b[^.;"]{0,60})»
restriction | = |  | «\b(?:all |any |the )?(?:mariners|vessels|ships|boats|craft|masters|skippers|operators
    |pilots|drivers|motorists|residents|visitors|passengers|owners|persons|people|spectators|guests
    |the public|shipping|traffic|airlines|crews|users)(?: [\w' ,]{0,40}?)? (?:must|shall|have to|has to
    |are to|is to|are required to|are obliged to|are requested to|are advised to) (?!\w+ for\b)[^.;"]{4,80}»
restriction | = |  | «\b(?:[\w'-]+ ){0,5}?(?:is|are|will be|has been|have been|remains?) (?:limited
    |confined|restricted|reduced) to\b[^.;"]{3,50}»
"""
