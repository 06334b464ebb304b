"""Several lists about one zone."""

from msgspec.structs import replace

from skykeep.airspace.contradictions import settled
from skykeep.domain.zone import Circle, Restriction, Volume, Zone, ZoneList


def zone(zone_id: str, name: str, radius_m: float = 1000.0, longitude: float = 4.0, source: str = "") -> Zone:
    outline = Circle(longitude_deg=longitude, latitude_deg=52.0, radius_m=radius_m)
    return Zone(
        zone_id=zone_id, name=name, restriction=Restriction.CONDITIONAL, strictness=30, document="",
        volumes=(Volume(outline=outline),), source=source,
    )  # fmt: skip


def listed(*zones: Zone) -> ZoneList:
    return ZoneList(format="made", zones=zones)


def test_the_same_identifier_is_one_zone_and_the_larger_is_applied() -> None:
    found = settled((listed(zone("A", "x", source="one")), listed(zone("A", "y", 3000.0, source="two"))))

    (only,) = found.zones
    assert only.volumes[0].outline == Circle(longitude_deg=4.0, latitude_deg=52.0, radius_m=3000.0)
    (told,) = found.contradictions
    assert told.one_says.endswith("(one)")
    assert told.other_says.endswith("(two)")


def test_the_same_name_is_one_zone_only_on_the_same_ground() -> None:
    here, there = zone("A", "Made-Field"), zone("B", "MADE FIELD", 1500.0)
    elsewhere = zone("C", "made field", longitude=9.0)

    found = settled((listed(here), listed(there, elsewhere)))

    assert [each.zone_id for each in found.zones] == ["A", "C"]


def test_zones_of_one_list_stay_apart() -> None:
    found = settled((listed(zone("A", "x"), zone("B", "x", 2000.0)),))

    assert [each.zone_id for each in found.zones] == ["A", "B"]
    assert found.contradictions == ()


def test_an_activation_finds_its_airspace_in_another_list() -> None:
    change = replace(
        zone("A", "A0001/31", 90_000.0),
        restriction=Restriction.REQ_AUTHORISATION,
        extra=(("geometry_of", '"NOTAM"'), ("interpretation", '"TEMPDELTA"')),
    )
    base = zone("A", "MADE R1")

    for lists in ((listed(change), listed(base)), (listed(base), listed(change))):
        first, second = settled(lists).zones
        assert first == base
        assert (second.zone_id, second.name) == ("A TEMPDELTA", "MADE R1")
        assert second.volumes == base.volumes
        assert second.restriction is Restriction.REQ_AUTHORISATION
