"""Families of ordinary words that rules of any register share, put into `vocabulary.TABLES`.

A family is written as plain words, `_` for a space; `_verbs` adds the regular forms of a verb, so that an
irregular one has its forms written out. Add a word where its like stand: no word is here for one text's sake.
"""

from __future__ import annotations

import re


def _words(words: str) -> str:
    return "|".join(word.replace("_", " ") for word in words.split())


def _verbs(words: str) -> str:
    return "|".join(_forms(word.replace("_", " ")) for word in words.split())


def _forms(verb: str) -> str:
    """Return a verb's regular forms as a pattern; a particle after it stays behind each."""
    base, _, particle = verb.partition(" ")
    after = f" {particle}" if particle else ""
    if base.endswith("e"):
        return f"{base[:-1]}(?:e[sd]?|ing){after}"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}(?:y|ies|ied|ying){after}"
    twice = f"{base[-1]}?" if re.search(r"[^aeiou][aeiou][bdglmnprt]$", base) else ""
    return f"{base}(?:e?s|{twice}ed|{twice}ing)?{after}"


FAMILIES: dict[str, str] = {
    "AUX": r"(?:(?:has|have|had|was|were|is|are|be|been|being|got|get|gets|will|would|is to|are to|'s|'re"
    r"|'ve)(?: not|n't)? )",
    "ADV": r"(?:\w+ly |also |already |now |then |since |still |just |even |later |soon |first |at once |all"
    r" |both |simply |almost |nearly |quite |never |once )",
    "IT": r"(?:(?:they|it|both|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|all|another"
    r"|the (?:first|second|third|last|rest|others?)|(?:an?|the) (?:[\w'-]+ ){0,2}?(?:{CRAFT}|{THING})|{CRAFT}"
    r"|{THING})(?:'s|'ve|'re|'d)?)",
    # Those who act when something has happened.
    "RESPONDER": _words(r"""
        police officers? constables? coppers? detectives? inspectors? sergeants? troopers? gendarmes?
        sheriffs? deput(?:y|ies) army navy soldiers? troops? marines? infantry guards? guardsm[ae]n
        sentr(?:y|ies)
        wardens? warders? gaolers? jailers? marshals? stewards? rangers? keepers? bailiffs? bouncers? crews?
        firefighters? firem[ae]n fire_(?:brigade|service|engines?|crews?|appliances?) brigades? engines
        ambulances? paramedics? medics? medical_\w+ nurses? doctors? surgeons? divers? sappers? engineers?
        technicians? electricians? fitters? plumbers? glaziers? carpenters? mechanics? cleaners? sweepers?
        investigators? examiners? assessors? surveyors? experts? specialists? analysts? bomb_squads? teams?
        squads? units? patrols? coast_?guards? lifeboats? air_force fighters? interceptors?
        dogs? handlers? security staff volunteers? prosecutors? magistrates? judges? courts? councils?
        ministr(?:y|ies) government cabinet authorit(?:y|ies) commission committee board parliament
        workers workm[ae]n gangs? parties tugs? boats? launch(?:es)? cutters? frigates? controllers? tower
        operators? managers? management owners? hospitals? schools? headteachers? teachers? matron porters?
        janitors? caretakers? conductors? drivers? captains? skippers? pilots? referees? umpires?
        organi[sz]ers?
        officials? services? department regiment battalion company garrison batter(?:y|ies) gunners?
        players? referees? linesm[ae]n match_\w+ fans? crowds? spectators? bench jury jurors? ushers?
        counsel magistrate
        presenters? producers? marksm[ae]n snipers? rescuers? responders? neighbours? residents? villagers?
        ground_?staff
        groundsm[ae]n reactor plant airport airline club clerks? registrars? usher secretary gunmen
    """),
    # What they do, in any form of the verb.
    "ACTED": _verbs("""
        attend reach rush hurry race respond search sweep comb scour check inspect examine survey study
        investigate probe review assess question interview arrest detain charge fine summon seize confiscate
        impound recover retrieve collect gather remove bag photograph measure evacuate clear empty move escort
        guide usher shelter cordon tape seal block guard patrol deploy dispatch despatch call alert inform
        notify warn advise ring_round sound switch light dim douse extinguish tackle dampen damp repair mend
        fix patch replace restore reconnect reopen board_up tow lift hoist rescue free carry treat bandage
        divert re-?route re-?direct delay cancel turn_back suspend postpone halt stop shut_down isolate
        launch start open order ask request appeal lodge file refer pass hand submit log record issue offer
        refund rebook apologi[sz]e install fit erect train double strengthen tighten reinforce step_up
        scramble track follow chase pursue trace locate jam engage return work watch wait gather_up
        stand_down stand_by lock lower raise haul drag land abort break_off activate mobili[sz]e muster recall
        assign station post equip arm escalate contact consult phone telephone radio text transfer tend
        restart resume continue finish complete analys[ei] test sample screen scan secure contain
        sentence remand adjourn bail forfeit convict acquit prosecute discharge caution disqualify sanction
        penali[sz]e book award restrain compensate pay usher stretcher substitute abandon_it play_on
        board usher_out shepherd handcuff barricade drain recall offer
        neutrali[sz]e defuse disarm detonate_it cool vent drain pump stabili[sz]e
    """)
    + "|"
    + _words("""
        came_(?:out|to|at|with|over|on|and) come_to went_(?:to|out|in|up|round|over|through|into|from) gone_to
        sent send sends took take taken taking_(?:it|them|the|away) brought bring led lead held hold
        hold_(?:up|back)
        put_(?:out|up|on|down|in|away|back) set_(?:up|off|out) shut found find(?:s|ing)? caught dug drew drawn
        rang rung wrote written met meets made_(?:safe|sure) gave given swept fought flew flown shone
        ran ran_(?:out|to|up|for) rode drove driven stood kept keeps began begun left_(?:for|the)
        got_(?:out|them)
        laid_(?:on|out|off) bought hung strung cut_(?:down|away|off|loose|power|the) let_(?:out|in|off|go)
        there on_(?:site|scene|the_(?:spot|way|scene|roof|ground)) at_(?:the_scene|work) busy out_looking
        under_way in_place
    """),
    # What becomes of things that fly: any verb of motion, with where to.
    "MOTION": _verbs("""
        turn climb head race rush dash dart drift sail glide float soar swing veer swerve bank circle
        hover slip slide skim limp wobble stagger roll tumble drop plunge plummet crash slam smash dive
        nose-?dive
        duck dip sink descend hop jump skip push press proceed travel continue track roar buzz whizz zip
        zoom streak shoot spiral corkscrew swoop scoot bolt disappear vanish fade retreat withdraw escape
        depart move back pass cross zigzag meander wander edge creep crawl steer leg_it scarper clear_off
        make_off peel flutter flop topple cartwheel skitter scrape bounce nosedive land ditch pitch plough
        plow burst thump belly
    """)
    + "|"
    + _words("""
        went go goes going gone came come comes coming got get gets getting flew fly flies flying flown fell
        fall falls falling fallen rose rise rising risen ran run runs running left shot
        swung sank sunk dived dove sped spun slid swept made_(?:for|off|its|their) took_(?:off|itself)
        blew blown stopped_(?:dead|short|over|in)
    """),
    "AWAY": r"(?:(?:[\w'-]+ly |clean |clear |straight |right |well |safely |back |down |up |out |far "
    r"|high |low"
    r" |over |slowly )*(?:away|off|back|down|out of sight|out of range|astray|adrift|dark|through"
    r"|(?:north|south|east|west|sea|sky|land|home|down|up|in|out|earth)(?:east|west)?wards?"
    r"|into|onto|on to|in(?= (?:the|a|an|our|his|her|its|their)\b)|towards?|toward|behind|beyond|under"
    r"|beneath"
    r"|to (?:earth|ground|pieces|bits|the (?:ground|north|south|east|west|sea|river|floor|deck|water)\b)"
    r"|out (?:over|to|of|across)|across|on (?:to |the |top)|against|short of|nowhere|over the \w+|upside down"
    r"|in two|apart|from the (?:sky|air)|out of the (?:sky|air)|like a stone))",
    # Harm to people.
    "INJURED": _verbs("""
        injure wound harm bruise burn scald scorch graze scratch scrape fracture sprain strain twist dislocate
        concuss deafen blind bleed faint collapse choke crush trample lacerate blister bump bang stitch
        bandage hospitali[sz]e maim cripple perish suffocate poison shock traumati[sz]e stun winded
    """)
    + "|hurt(?:s|ing)?|cuts?|broken?|tor?en?|torn|knocked (?:down|over|out|off|unconscious)|bitten|stung|dead"
    r"|die[sd]?|dying|kill(?:s|ed|ing)?|struck|hit|unconscious|shrapnel|splinters?|stitches|injur(?:y|ies)"
    r"|wounds?|burns?|fractures?|sprains?|gash(?:es|ed)?|nosebleed|concussion|glass",
    "BODY": _words("""
        heads? scalp skull foreheads? faces? cheeks? noses? ears? eardrums? eyes? lips? jaw chin necks? throat
        shoulders? collarbone arms? forearms? elbows? wrists? hands? palms? fingers? thumbs? knuckles? chest
        ribs? stomach spine hips? legs? thighs? knees? shins? calf calves ankles? foot feet heels? toes? skin
        tooth teeth pelvis
    """),
    "ANYONE": r"(?:{PERSON}|\w{2,}(?:m[ae]n|wom[ae]n|person|people|ers?|ors?|ists?|ians?|ants?|ees?"
    r"|mates?|folk"
    r"|hands?|clerks?|cooks?|monks?|nuns?|chef|judges?|nurses?|guides?|guests?|pupils?|recruits?"
    r"|conscripts?|cadets?|lads?|lasses|couples?|famil(?:y|ies)|twins?|horses?|dogs?|sheep|cows?|cattle"
    r"|animals?|pets?|swans?))",
    # What can be broken.
    "BUILT": _words("""
        buildings? houses? homes? cottages? flats? blocks? roofs? rooftops? walls? windows? windowpanes?
        panes?
        glass glazing doors? doorways? gates? fences? railings? tanks? silos? sheds? halls? stores?
        storehouses?
        warehouses? hangars? depots? garages? barns? stables? greenhouses? conservator(?:y|ies) pipes?
        pipelines?
        cables? wires? lines? mains masts? towers? cranes? bridges? rails? tracks? roads? roadways? tarmac
        runways?
        taxiways? kerbs? pavements? cars? vans? lorr(?:y|ies) trucks? buses coach(?:es)? tractors? vehicles?
        boats? ships? ferr(?:y|ies) barges? yachts? tugs? trawlers? tankers? trains? trams? wagons? carriages?
        engines? turbines? transformers? substations? generators? pumps? boilers? reactors? compressors?
        lamps?
        lights? floodlights? lamp-?posts? signs? signals? screens? scoreboards? cameras? stands? grandstands?
        seats? seating goalposts? crossbars? pitch benches statues? monuments? clocks? bells? spires?
        steeples?
        turrets? battlements? altars? organs? paintings? tapestr(?:y|ies) vases? furniture tables? chairs?
        tents? awnings? marquees? canop(?:y|ies) gazebos? trees? branches hedges? gardens? flowerbeds? lawns?
        vines? crops? haystacks? flagpoles? chimneys? gutters? tiles? slates? bricks? bricks?work stonework
        masonry plaster cladding facades? façades? ceilings? floors? stairs? stairwells? stairways?
        balcon(?:y|ies)
        lifts? aerials? antennas? antennae dish(?:es)? radars? (?:solar_)?panels? equipment machinery
        instruments?
        consoles? cabinets? computers? servers? kitchens? shops? stalls? kiosks? counters? offices? workshops?
        laborator(?:y|ies) schools? churches? chapels? domes? museums? hotels? stations? platforms? quays?
        piers?
        jett(?:y|ies) moorings? buoys? locks? dams? sluices? spillways? weirs? hulls? decks? rigging sails?
        propellers? wings? fuselages? tails? cockpits? windscreens? bonnets? bumpers? tyres? canisters? drums?
        containers? crates? pallets? ducts? vents? fans? filters? cooling_towers? stacks? manholes? barriers?
        barracks bunkers? ammunition refiner(?:y|ies) plants? factor(?:y|ies) mills? presses barrels? bottles?
    """),
    "BROKEN": _verbs("""
        damage smash shatter crack dent scratch scrape hole pierce puncture rip burn scorch singe char blacken
        melt warp buckle twist crush flatten topple collapse destroy ruin wreck gut demolish leak flood spill
        sever trip fail splinter gouge pit pepper stain spoil rupture crumple mangle clip nick graze chip
        break_(?:up|down) knock_(?:over|down|out|off) dislodge loosen crumble scar score deface soak
        ignite smoulder smoke wreck total disable overturn capsize jolt derail
    """)
    + "|"
    + _words("""
        broke broken breaks? tore torn bent split burst burnt cut lost gone missing
        blew_(?:in|out|off|up)
        blown_(?:in|out|off|up) fell_(?:in|down|off) caved_in caught_(?:fire|light|alight) on_fire alight
        ablaze
        afire in_flames in_(?:ruins|pieces|bits|splinters|tatters|shards) out_of_(?:order|service|action|use)
        written_off set_(?:alight|on_fire|light_to|fire_to|ablaze) went_(?:dark|dead|up_in_flames|out) down
        off-?line without_(?:power|light|water|electricity|heating) no_longer_\\w+ unusable beyond_repair
        hit struck
    """),
    "SCAR": _words("""
        holes? dents? cracks? scratch(?:es)? scorch_?marks? scorching craters? gash(?:es)? gouges? chips?
        tears?
        rents? leaks? spill(?:age)?s? stains? fires? blazes? soot breach(?:es)? breakages? ruptures?
        punctures?
        burn_?marks? scars? damage
    """),
    "WHOLE": _words("""
        fine whole intact sound safe undamaged unharmed unhurt untouched unscathed unaffected unbroken
        standing
        working running operating in_one_piece in_order all_right ok okay as_it_was as_before normal
        in_(?:good|full|working)_\\w+ secure tight
    """),
    # What such a night is called.
    "DEED": _words("""
        attempts? adventures? exercises? practice drills? tests? trials? stunts? pranks? jokes? dares? bets?
        wagers? protests? demonstrations? provocations? mistakes? accidents? mishaps? blunders? games? races?
        deliver(?:y|ies) smuggling raids? attacks? strikes? assaults? sabotage crimes? terror(?:ism)?
        vandalism
        mischief nuisance insults? intrusions? incursions? violations? trespass aggression escapades?
        reconnaissance spying espionage surveillance hoax(?:es)? rehearsals? rescue hunts? photograph\\w+
        outrages? operations? missions? campaigns? harassment intimidation revenge retaliation advertis\\w+
        publicity experiments? surveys? antics horseplay foolishness recklessness negligence malfunction
        ambush(?:es)? plots? conspirac(?:y|ies) shows? displays?
    """),
}
