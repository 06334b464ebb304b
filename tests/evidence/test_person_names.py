"""Names of persons found in a text as people write them, and ordinary words left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.evidence.person_names import PersonNames
from skykeep.evidence.rewriting import Rewriting

# Names with the ways they are written in papers and papers of identity.
WRITTEN = {
    "Пётр Ильич Щёголев": (
        "Щёголева",
        "ЩЕГОЛЕВ",
        "Petr Ilich Shchegolev",
        "Pyotr Ilyich Shchyogolev",
        "Schtschegolew",
    ),
    "Анна Каренина": ("Анны Карениной", "Anna Karenina", "Kareninoy", "ANNA"),
    "Юлія Шевченко": ("Yuliia Shevchenko", "Julija Schewtschenko", "Юлії"),
    "Дмитрий Достоевский": ("Dmitri Dostoyevsky", "Dmitry Dostoevskij", "Достоевского", "Dmitriy"),
    "ليلى يوسف": ("Layla Yusuf", "Leila Youssef", "Yousef", "لَيْلى"),
    "محمد المصري": ("Mohammed al-Masri", "Muhammad Elmasry", "Mohamed"),
    "דוד כהן": ("David Cohen", "Dovid Kohen", "כהן"),
    "Νίκος Παπαδόπουλος": ("Nikos Papadopoulos", "ΝΙΚΟΣ", "Papadhopoulos"),
    "Ștefan Łuczak": ("Stefan Luczak", "STEFAN", "Luczak's"),
    "Pilar Ottoson": ("Пилар Оттосон", "ottoson", "Ottosons", "pilar_o", "Ottoson-Brandt"),
    "李明": ("李明说",),
}


@pytest.mark.parametrize(("name", "ways"), WRITTEN.items())
def test_a_name_is_found_however_it_is_written(name: str, ways: tuple[str, ...]) -> None:
    names = PersonNames({name: "SOMEBODY"}, "SHARED")

    for way in ways:
        assert "SOMEBODY" in rewritten(names, way), way


def test_ordinary_words_stay() -> None:
    names = PersonNames(dict.fromkeys(WRITTEN, "X"), "SHARED")
    text = (
        "Two drones without a permit flew over the harbour towards the Residence at 02:10 UTC. The radar of "
        "the City Police saw them; a fisherman heard two bangs. The Ministry denies it. Order 12 of the "
        "Council, 1 May, is in force. Multirotor, 97 % certain; Parade Square, Stadium, Airport, Castle Foot."
    )

    assert rewritten(names, text) == text


SEEN = (
    *(
        "@ilsemorrow",
        "@ilsemorrow99",
        "#IlseMorrow",
        "#ИльзеМорроу",
        "ilse.morrow",
        "morrow-ilse",
        "x_ilse_morrow",
    ),
    *(
        "realilsemorrow",
        "imorrow@",
        "morrowi@",
        "Морроу",
        "Морроуа",
        "Морроу́",
        "نوفاكوفا",
        "مورو",
        "נובאקובה",
    ),
    *(
        "Νοβάκοβας",
        "Novákové",
        "Novákovou",
        "Morrowovi",
        "Morrowem",
        "Alžbětou",
        "Mor\u200brow",
        "Mor\u00adrow",
    ),
    *("M\u2060o\u200drrow", "Mor\ufe0frow", "M\u043errow", "\u041corrow", "\u041c\u043errow", "Mοrrow"),
    *("ＭＯＲＲＯＷ", "𝐌𝐨𝐫𝐫𝐨𝐰", "ᴍᴏʀʀᴏᴡ", "Ⓜⓞⓡⓡⓞⓦ", "🅼🅾🆁🆁🅾🆆", "@ilsem\u043errow", "nova\u0301kova\u0301"),
)


@pytest.mark.parametrize("way", SEEN)
def test_a_name_is_found_as_a_reader_sees_it(way: str) -> None:
    names = PersonNames({"Ilse Morrow": "X", "Alžběta Nováková": "X"}, "SHARED")
    left = rewritten(names, f"It was {way} there.").removeprefix("It was ").removesuffix(" there.")

    assert set(left) <= set("X@#") | {"_", "x"} | {"́"}, left
    assert "X" in left


def test_words_that_begin_or_end_like_a_name_stay() -> None:
    people = (
        "Ilse Morrow",
        "Alžběta Nováková",
        "Jan Porter",
        "Ann Lee",
        "Marin Baker",
        "Rosa Lindt",
        "Max Field",
    )
    names = PersonNames(dict.fromkeys(people, "X"), "SHARED")
    text = (
        "Tomorrow the Morrison bridge, the bakery, marine police and the Fieldhouse at Novaya; a novel at "
        "Leeds, Annex 2, Elsewhere, Also, portering, the report@police.example, #Marinescape, channel lees, "
        "lindens, Rosary, maximum, Bakersfield. Новая газета, Мороз, морковь, завтра. "
        "غدا نوفمبر مرور. מחר. 5 km, µm, ﬁne."
    )

    assert rewritten(names, text) == text


@pytest.mark.parametrize("letter", ["ו", "و", "у", "o", "\u200b", "o\u0301", "a.", "ilsemorrow"])
def test_a_long_text_of_one_letter_takes_no_longer_than_it_is(letter: str) -> None:
    names = PersonNames({"Ilse Morrow": "X", "يوسف الواوي": "X", "Юлия Уоу": "X"}, "SHARED")
    assert names.edits(letter * 31) is not None
    text = rewritten(names, f"{letter * 20_000} Morrow")

    assert text.endswith("X")


def test_a_title_is_no_name_and_what_two_persons_share_names_neither() -> None:
    titles = PersonNames({"Duty officer of the night": "duty officer", "Second officer": "officer"}, "SHARED")
    assert not titles
    two = PersonNames({"Amara Vell": "lead", "Amara Oduya": "guard"}, "SHARED")
    assert rewritten(two, "Amara, Vell and Oduya") == "SHARED, lead and guard"


def test_a_name_that_was_given_counts_whatever_it_looks_like() -> None:
    given_names = PersonNames({}, "SHARED", ["Red", "старик"])
    assert rewritten(given_names, "Red and the red one; Старик, стариков") == "SHARED and the red one; SHARED"


def rewritten(names: PersonNames, text: str) -> str:
    return Rewriting({}, names)(text)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60), st.text(max_size=12))
def test_any_name_and_any_text_are_dealt_with_and_places_stay_in_order(text: str, name: str) -> None:
    rewriting = Rewriting({}, PersonNames({f"Anna {name}": "X"}, "S", [name]))
    new, moves = rewriting.with_places(text)
    places = [moves(k) for k in range(len(text) + 1)]

    assert places == sorted(places)
    assert places[-1] == len(new)
    if name:
        assert new.count("Anna Karenina") == 0
