"""Verbs of saying, and the words for those who speak: tables to read and to extend.

Verbs of other languages stand beside the English ones where a name before or after them is written as in
English; they only ever show who speaks.
"""

from __future__ import annotations

import re

from skykeep.domain.statement import SpeechAct
from skykeep.statements.phrases import expand

VERBS: tuple[tuple[SpeechAct, str], ...] = (
    (
        SpeechAct.CLAIMS,
        "say says said saying tell tells told telling state states stated stating claim claims"
        " claimed claiming add adds added adding"
        " insist insists insisted maintain maintains maintained assert asserts asserted declare"
        " declares declared"
        " report reports reported reporting confirm confirms confirmed explain explains explained"
        " argue argues argued allege alleges alleged"
        " believe believes accuse accuses accused accusing blame blames blamed blaming admit admits"
        " admitted acknowledge acknowledges acknowledged"
        " recall recalls recalled describe describes described note notes noted stress stresses"
        " stressed suggest suggests suggested hint"
        " hints hinted reply replies replied reiterate reiterated repeat repeats repeated swear"
        " swears swore reckon reckons reckoned claim'd"
        " write writes wrote tweet tweets tweeted remark remarks remarked"
        " comment commented"
        " assess assesses assessed regards regarded estimates estimated conclude concludes concluded"
        " point pointed concede concedes conceded"
        " complain complains complained counter countered recount recounted inform informed informs"
        " underline underlined emphasise emphasised"
        " emphasize emphasized continue continued conf confs rpts rptd adv advs advises advised"
        " states avers testified"
        " called calls described describes branded brands dubbed show shows showed"
        " joke joked quip quipped shout shouted whisper whispered exclaim exclaimed sigh sighed"
        " retort retorted snap snapped agree agrees agreed"
        " remember remembers remembered think thinks thought contend contends contended affirm affirms"
        " affirmed attest attests attested certify certifies certified boast boasts boasted brag brags"
        " bragged grumble grumbles grumbled mutter mutters muttered murmur murmured scoff scoffs scoffed"
        " fume fumes fumed growl growled protest protested clarify clarifies clarified specify"
        " specifies specified elaborate elaborated disclose discloses disclosed reveal reveals revealed relay"
        " relays relayed relate relates related recite volunteer volunteered interject interjected"
        " speaks_of spoke_of has_it_that have_it_that had_it_that has_it_on holds_that holds_out_for"
        " held_out_for puts_the_number put_the_number put_their_number puts_their_number puts_it_at put_it_at"
        " speculate speculates speculated guess guesses guessed predict predicts predicted mention mentions"
        " mentioned testify testifies submit submits submitted depose deposed texted messaged emailed"
        " teilte erklärte sagte meldete berichtete déclaré affirmé indiqué annoncé dit selon dijo"
        " afirmó informó declaró anunció"
        " disse dichiarato zei verklaarde sade sier sagde powiedział oświadczył заявил заявила"
        " заявили сообщил сообщила сообщило сообщили"
        " сказал сказала قال قالت أعلن أعلنت ذكرت صرح گفت اعلام אמר אמרה מסר מסרה söyledi açıkladı",
    ),
    (
        SpeechAct.DENIES,
        "deny denies denied denying reject rejects rejected rejecting dismiss dismisses dismissed"
        " dismissing refute refutes refuted"
        " dispute disputes disputed dementiert démenti negó отрицает опроверг опровергла نفى نفت"
        " הכחיש הכחישה",
    ),
    (
        SpeechAct.ANNOUNCES,
        "announce announces announced announcing order orders ordered decree decrees decreed impose"
        " imposes imposed ban bans banned"
        " close closes closed suspend suspends suspended clsd auth'd authorises authorised"
        " authorizes authorized",
    ),
    (
        SpeechAct.THREATENS,
        "threaten threatens threatened threatening warn warns warned warning vow vows vowed",
    ),
    (SpeechAct.REPORTS_HEARING, "hear heard hears"),
    (
        SpeechAct.REPORTS_SEEING,
        "saw seen spotted witnessed sees watched noticed counted counts observed sighted glimpsed",
    ),
    (
        SpeechAct.POSTS_FOOTAGE,
        "post posts posted share shares shared upload uploads uploaded publish publishes published",
    ),
    (
        SpeechAct.DECLINES,
        "declined declines refused refuses",
    ),
    (SpeechAct.CORRECTS, "withdrew withdraws withdrawn retracted retracts corrected corrects"),
)
ACT_OF_VERB = {verb.replace("_", " "): act for act, verbs in VERBS for verb in verbs.split()}
# Verbs that are as often nouns: frames only where a clause, a quotation or an object follows.
AMBIGUOUS = frozenset(
    re.findall(
        r"\S+",
        """
    report reports claim claims state states note notes comment comments post posts share shares order
    orders ban bans close closes show shows hint hints point suspend conclude recall remark remarks
    counter snap protest mention guess volunteer relay relate submit elaborate thought counts think joke
    shout whisper repeat swear dispute estimates regards
""",
    )
)
PARTICIPLES = frozenset(verb for verb in ACT_OF_VERB if verb.endswith("ing"))
# Verbs that are a frame only with a personal subject, not with a quotation or a clause of their own.
DEEDS = frozenset(
    verb
    for act, verbs in VERBS
    if act
    in (SpeechAct.ANNOUNCES, SpeechAct.REPORTS_HEARING, SpeechAct.REPORTS_SEEING, SpeechAct.POSTS_FOOTAGE)
    for verb in verbs.replace("_", " ").split()
) - {"announce", "announces", "announced"}
VERB = re.compile(
    r"(?<![\w'-])(?:" + "|".join(sorted(map(re.escape, ACT_OF_VERB), key=len, reverse=True)) + r")(?![\w'-])",
    re.IGNORECASE,
)

# Who may speak, beside names and pronouns: a word that makes a phrase a speaker.
ROLES = re.compile(
    r"\b(?:spokes(?:man|woman|person|people)|officials?|officers?|offices?|ministr(?:y|ies)"
    r"|minister|government|regime|police|constabulary"
    r"|residents?|neighbours?|neighbors?|witness(?:es)?|eyewitness(?:es)?|sources?|people|locals?"
    r"|villagers?|message|statement|release|communiqu[ée]"
    r"|notice|report|log|letter|press(?:[- ]|)(?:service|office|off)|embassy|consulate|hospital"
    r"|clinic|doctors?|nurse|service|agency|outlet|paper|newspaper"
    r"|channel|station|broadcaster|user|account|person|someone|individual|insider|poster|blogger"
    r"|reporter|correspondent|editor|readers?|mayor|governor|president|premier|chancellor"
    r"|king|queen|duke|palace|council(?:lor)?s?|court|prosecutors?|investigators?|detectives?"
    r"|inspector|sergeant|constable|commander|general|colonel|captain|major"
    r"|lieutenant|admiral|chief|head|director|manager|secretary|deputy|aide|adviser|advisor"
    r"|diplomat|ambassador|expert|analysts?|army|navy|air force|military|forces?"
    r"|guards?|coastguard|coast guard|brigade|brig|firefighters?|crew|pilot|captain|skipper"
    r"|driver|fisherm[ae]n|baker|farmer|teacher|student|caretaker|watchm[ae]n|porter"
    r"|man|woman|boy|girl|mother|father|brother|sister|aunt|uncle|son|daughter|wife|husband"
    r"|friend|colleague|caller|visitor|tourist|side|authorit(?:y|ies)|administration"
    r"|movement|party|group|company|operator|owner|airport|harbour|harbor|office|department"
    r"|committee|union|club|society|association|board|team|unit|post \d|car \d+"
    r"|opposition|rebels?|front|embass(?:y|ies)|staff|campaign|representatives?|members?|mgr|capt"
    r"|sgt|gd|watch|control|tower|desk|terminal|plant|parish|bishop|priest|lawyer"
    r"|shopkeeper|janitor|gardener|night porter|leader|speaker|envoy|delegation|foreign office"
    r"|cousin|nephew|niece|guy|lad|lady|gentleman|subscribers?|callers?|followers?|guests?|passengers?"
    r"|customers?"
    r"|volunteers?|shepherds?|workers?|diplomats?|envoys?|deckhand|clerk|cook|monk|nun|lifeguard|warden"
    r"|steward"
    r"|headquarters|HQ|bureau|patrol|witnesses|user|video|footage|clip|map|radar|data)\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(r"^(?:he|she|they|it|him|her|the latter|the same|this|who)$", re.IGNORECASE)
# Words before a colon that name no speaker.
LABELS = re.compile(
    r"^(?:\W*)(?:correction|corrections|corrected|update[d]?|note|notes|editor'?s note|breaking"
    r"|latest|subject|re|to|cc|bcc|date|sent|time|photo|video|picture|image|caption"
    r"|summary|background|warning|urgent|alert|contact|source|sources|tags?|read more|related"
    r"|see also|also read|watch|live|headline|weather|position|place|location"
    r"|recovered|found|seen|heard|injured|dead|wounded|missing|casualties|injuries|losses|victims"
    r"|own casualties|damage"
    r"|cause|result|type|number|remarks|ps|p\.s\.|nb|n\.b\."
    r"|question|answer|what we know(?: so far)?|satire|opinion|comment|details|status|action"
    r"|attachments?|attached|importance|reply-to|for (?:immediate )?release|press release"
    r"|media contact|ends?|edit|eta|reference|ref|incident|replies|context|readers added context"
    r"|fact check|verdict|claim|rating|more|here|today|yesterday|tonight|why|how|who|what|where"
    r"|when|first|second|third|finally|asked|but|and|so|then|conclusion|item|stop press"
    r"|.*\bDGT\b)$",
    re.IGNORECASE,
)
GENERIC_LISTENERS = re.compile(
    r"^(?:reporters?|journalists?|us|me|him|her|them|it|you|everyone|people|the (?:lords|commons"
    r"|senate|cabinet|court|council|committee|meeting|assembly)|parliament"
    r"|the (?:press|media|public|nation|house|country|chamber)|newsmen|a (?:news|press) \w+)\b",
    re.IGNORECASE,
)
HEARING = re.compile(
    r"\b(?:hear|hears|heard|hearing|(?:a)?woken|woke|awoke|roused|startled|ears?|audible|loud"
    r"|sounded|sounds like)\b",
    re.IGNORECASE,
)
SEEING = re.compile(
    r"(?<!been )(?<!was )(?<!were )(?<!be )\b(?:(?:had |has |have )?seen|saw|sees|watched|spotted"
    r"|noticed|witnessed|visual|can see|could see|caught sight)\b",
    re.IGNORECASE,
)
CORRECTING = re.compile(
    r"\b(?:corrections?|corrected|we (?:had |have )?(?:said|stated|reported|wrote)"
    r"|earlier version|an? (?:earlier|previous) (?:report|post|version"
    r"|message|statement)|withdr[ae]w[ns]?|retract(?:s|ed)?|in error|should (?:read|have (?:read"
    r"|said|been))"
    r"|not as (?:we|previously|earlier|stated|reported)|misstated|mistaken(?:ly)?|wrongly"
    r"|erroneous(?:ly)?|incorrect(?:ly)?|was wrong|were wrong|contained errors?|mix-up"
    r"|apologi[sz]es?|regrets? the error"
    r"|for \"[^\"]{1,40}\"[^.]{0,40} read\b|took (?:that|it) back|takes? back|amend(?:s|ed)?"
    r"|stands? corrected|now says?|now said|revised|updated? (?:the |its |our |his "
    r"|her )?(?:figure|count|number|statement)"
    r"|i was wrong|we were wrong|not \w+,? as)\b|\"[^\"]{1,40}\"[^.]{0,30} read \"",
    re.IGNORECASE,
)
OUTLET_VERBS = re.compile(
    expand(
        r"\b(?:as )?(?:quoted|cited|reported|carried|relayed|published|shared"
        r"|translated) by (?P<by>(?:{THE} )?(?:(?-i:[A-Z])[\w'&.-]*|@\w+)(?: (?:(?-i:[A-Z])[\w'&.-]*"
        r"|of|the|for|news|agency))*)"
    ),
    re.IGNORECASE,
)
