"""Every word of the report page, in each language it speaks.

A language is one more `Words`: a field left out is a mistake at once, because a record has them all.
"""

from __future__ import annotations

import msgspec


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one language. `compass` goes clockwise from north; `{}` is filled in."""

    language: str
    direction: str
    name: str
    title: str
    intro: str
    danger: str
    what: str
    heard: str
    saw: str
    filmed: str
    other: str
    text: str
    text_hint: str
    when: str
    now: str
    minutes_ago: str
    at_time: str
    at_time_hint: str
    where: str
    here: str
    locate: str
    located: str
    not_located: str
    from_site: str
    not_said: str
    direction_from_site: str
    distance: str
    metres: str
    bearing: str
    bearing_hint: str
    compass: tuple[str, str, str, str, str, str, str, str]
    do_not_know: str
    contact: str
    contact_hint: str
    send: str
    languages: str
    wrong: str
    wrong_what: str
    wrong_text: str
    wrong_when: str
    wrong_where: str
    wrong_contact: str
    too_many: str
    too_old: str
    closed: str
    thanks: str
    thanks_more: str
    reference: str
    another: str


ENGLISH = Words(
    language="en",
    direction="ltr",
    name="English",
    title="Report what you noticed in the sky",
    intro="Anything helps, also if you are not sure. It takes a minute.",
    danger="If anybody is in danger, call the emergency number first.",
    what="What did you notice?",
    heard="I heard something",
    saw="I saw something",
    filmed="I filmed something",
    other="Something else",
    text="In your own words",
    text_hint="For example: two bangs there, a few seconds apart, then a hum that went away.",
    when="When was it?",
    now="Just now",
    minutes_ago="Minutes ago",
    at_time="At this time",
    at_time_hint="Time of day here ({}).",
    where="Where were you?",
    here="Where I am now",
    locate="Use this device's position",
    located="Position found, to about {} metres.",
    not_located="No position could be found. Choose another way, please.",
    from_site="As seen from {}",
    not_said="I do not want to say",
    direction_from_site="Direction from there to you",
    distance="How far from there",
    metres="about {} m",
    bearing="In which direction from you was it?",
    bearing_hint="North is at the top.",
    compass=("North", "North-east", "East", "South-east", "South", "South-west", "West", "North-west"),
    do_not_know="I do not know",
    contact="How we can reach you (optional)",
    contact_hint="A telephone number or an address. It is kept apart from your report.",
    send="Send the report",
    languages="Language",
    wrong="Not sent yet. Please look at this again:",
    wrong_what="Choose what you noticed.",
    wrong_text="Say it in your own words, in at most {} characters.",
    wrong_when="Give minutes from 0 to 720, or a time of day.",
    wrong_where="Find your position, or choose a direction and a distance.",
    wrong_contact="At most {} characters.",
    too_many="There were many reports from your connection. Please wait some minutes and send it again.",
    too_old="This page was open for too long, or was sent already. Please send it again.",
    closed="Reports cannot be taken at the moment. Please try again soon.",
    thanks="Thank you. Your report is with the people on watch.",
    thanks_more="Keep what you filmed, as it is. Do not go near anything that has come down.",
    reference="Its number is {}.",
    another="Report something else",
)

ARABIC = Words(
    language="ar",
    direction="rtl",
    name="العربية",
    title="أبلغ عمّا لاحظته في السماء",
    intro="كل معلومة تفيد، حتى إن لم تكن متأكدًا. لن يستغرق الأمر أكثر من دقيقة.",
    danger="إذا كان أحد في خطر، فاتصل برقم الطوارئ أولًا.",
    what="ماذا لاحظت؟",
    heard="سمعتُ شيئًا",
    saw="رأيتُ شيئًا",
    filmed="صوّرتُ شيئًا",
    other="شيء آخر",
    text="بكلماتك أنت",
    text_hint="مثلًا: سمعتُ دويّين هناك بينهما ثوانٍ، ثم طنينًا ابتعد.",
    when="متى كان ذلك؟",
    now="الآن",
    minutes_ago="قبل كذا دقيقة",
    at_time="في هذه الساعة",
    at_time_hint="بالتوقيت المحلي هنا ({}).",
    where="أين كنت؟",
    here="في مكاني الحالي",
    locate="استخدم موقع هذا الجهاز",
    located="حُدِّد الموقع بدقة {} متر تقريبًا.",
    not_located="تعذّر تحديد الموقع. اختر طريقة أخرى من فضلك.",
    from_site="بالنسبة إلى {}",
    not_said="لا أريد أن أقول",
    direction_from_site="الاتجاه من هناك إليك",
    distance="كم تبعد عن هناك",
    metres="نحو {} م",
    bearing="في أي اتجاه منك كان ذلك؟",
    bearing_hint="الشمال في الأعلى.",
    compass=(
        *("الشمال", "الشمال الشرقي", "الشرق", "الجنوب الشرقي"),
        *("الجنوب", "الجنوب الغربي", "الغرب", "الشمال الغربي"),
    ),
    do_not_know="لا أعرف",
    contact="كيف نتواصل معك (اختياري)",
    contact_hint="رقم هاتف أو عنوان. يُحفظ بمعزل عن بلاغك.",
    send="أرسل البلاغ",
    languages="اللغة",
    wrong="لم يُرسَل بعد. راجع ما يلي من فضلك:",
    wrong_what="اختر ما لاحظته.",
    wrong_text="صِفه بكلماتك في {} حرف على الأكثر.",
    wrong_when="اذكر عدد الدقائق من 0 إلى 720، أو ساعة من اليوم.",
    wrong_where="حدّد موقعك، أو اختر اتجاهًا ومسافة.",
    wrong_contact="{} حرف على الأكثر.",
    too_many="وصلت بلاغات كثيرة من اتصالك. انتظر بضع دقائق ثم أرسل من جديد من فضلك.",
    too_old="بقيت هذه الصفحة مفتوحة طويلًا، أو أُرسلت من قبل. أرسلها من جديد من فضلك.",
    closed="لا يمكن استقبال البلاغات الآن. حاول مرة أخرى بعد قليل من فضلك.",
    thanks="شكرًا لك. وصل بلاغك إلى المناوبين.",
    thanks_more="احتفظ بما صوّرته كما هو. لا تقترب من أي شيء سقط.",
    reference="رقمه {}.",
    another="أبلغ عن شيء آخر",
)

SPANISH = Words(
    language="es",
    direction="ltr",
    name="Español",
    title="Avise de lo que ha notado en el cielo",
    intro="Todo ayuda, aunque no esté seguro. Le llevará un minuto.",
    danger="Si alguien está en peligro, llame primero al número de emergencias.",
    what="¿Qué ha notado?",
    heard="He oído algo",
    saw="He visto algo",
    filmed="He grabado algo",
    other="Otra cosa",
    text="Con sus palabras",
    text_hint="Por ejemplo: dos estallidos allí, con unos segundos entre ellos, y un zumbido que se alejaba.",
    when="¿Cuándo fue?",
    now="Ahora mismo",
    minutes_ago="Hace minutos",
    at_time="A esta hora",
    at_time_hint="Hora de aquí ({}).",
    where="¿Dónde estaba usted?",
    here="Donde estoy ahora",
    locate="Usar la posición de este dispositivo",
    located="Posición encontrada, con un margen de unos {} metros.",
    not_located="No se ha encontrado la posición. Elija otra manera, por favor.",
    from_site="Visto desde {}",
    not_said="Prefiero no decirlo",
    direction_from_site="Dirección desde allí hasta usted",
    distance="A qué distancia de allí",
    metres="unos {} m",
    bearing="¿En qué dirección estaba, desde usted?",
    bearing_hint="El norte está arriba.",
    compass=("Norte", "Nordeste", "Este", "Sudeste", "Sur", "Sudoeste", "Oeste", "Noroeste"),
    do_not_know="No lo sé",
    contact="Cómo localizarle (opcional)",
    contact_hint="Un teléfono o una dirección. Se guarda aparte de su aviso.",
    send="Enviar el aviso",
    languages="Idioma",
    wrong="Aún no se ha enviado. Revise esto, por favor:",
    wrong_what="Elija qué ha notado.",
    wrong_text="Cuéntelo con sus palabras, en {} caracteres como máximo.",
    wrong_when="Indique minutos de 0 a 720, o una hora del día.",
    wrong_where="Busque su posición, o elija una dirección y una distancia.",
    wrong_contact="{} caracteres como máximo.",
    too_many="Han llegado muchos avisos desde su conexión. Espere unos minutos y envíelo otra vez.",
    too_old="Esta página llevaba demasiado tiempo abierta, o ya se envió. Envíela de nuevo, por favor.",
    closed="Ahora no se pueden recibir avisos. Inténtelo de nuevo en breve, por favor.",
    thanks="Gracias. Su aviso ya lo tienen las personas de guardia.",
    thanks_more="Conserve lo que haya grabado, tal como está. No se acerque a nada que haya caído.",
    reference="Su número es {}.",
    another="Avisar de otra cosa",
)

LANGUAGES: dict[str, Words] = {words.language: words for words in (ENGLISH, ARABIC, SPANISH)}


def choose_language(asked: str | None, accepted: str) -> Words:
    """Return the language asked for by name, else the first of an Accept-Language that we speak, else
    English.
    """
    if asked in LANGUAGES:
        return LANGUAGES[asked]
    for part in accepted.split(",")[:20]:
        language = part.partition(";")[0].strip().partition("-")[0].lower()
        if language in LANGUAGES:
            return LANGUAGES[language]
    return ENGLISH
