"""AIXM 5.1 and 5.1.1: airspaces of a basic message, and Digital NOTAM events about them.

    AIXMBasicMessage > hasMember > Airspace > timeSlice > AirspaceTimeSlice
        validTime, interpretation, sequenceNumber, correctionNumber, type, designator, name, class
        geometryComponent...   (aixm_volumes, aixm_curves)
        activation...          (aixm_times)
        extension > AirspaceExtension > theEvent xlink:href
    AIXMBasicMessage > hasMember > Event > timeSlice > EventTimeSlice > textNOTAM or notification > NOTAM

A BASELINE is a zone. A TEMPDELTA or PERMDELTA, which changes an airspace for a while, is a zone beside it:
with the geometry of its own, else with that of its baseline in the same file, else with the circle of its
event's NOTAM, and the report says which. It has the feature's identifier where no baseline is in the file,
so that a list which holds the airspace finds it (airspace/contradictions). A correction replaces what it
corrects. SNAPSHOT is read as BASELINE.

What the NOTAM texts of an event say is laid beside the zone: contradictions are shown and the safer applied.
"""

from __future__ import annotations

from typing import NamedTuple

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Restriction, Text, Volume, Zone, ZoneList
from skykeep.wire.aero_notes import Notes, quoted
from skykeep.wire.aero_xml import Node, parse_document
from skykeep.wire.aero_zone import Names, extra_of, restriction_noted, strictness_of
from skykeep.wire.aixm_curves import Frame, curve_points
from skykeep.wire.aixm_notam import beside, in_its_place, notams_of
from skykeep.wire.aixm_times import times_of
from skykeep.wire.aixm_volumes import limits_of, volumes_of
from skykeep.wire.notam_zone import Notam

_DELTAS = ("TEMPDELTA", "PERMDELTA")


class _Slice(NamedTuple):
    """A time slice of an airspace, and by which names its feature is known."""

    identifier: str
    names: tuple[str, ...]
    interpretation: str
    node: Node
    feature: Node


def read_aixm(data: bytes, source: str) -> ZoneList:
    """Return the zones of a message. DecodeError where it is not one."""
    reader = _Reader(parse_document(data, "AIXMBasicMessage"), source)
    zones = reader.zones()
    return ZoneList(
        format="AIXM",
        zones=tuple(zones),
        deviations=tuple(reader.notes.deviations),
        contradictions=tuple(reader.notes.contradictions),
        left_out=tuple(reader.notes.left_out),
    )


class _Reader:
    """Reads one message: its borders first, then its airspaces, which may lean on each other."""

    def __init__(self, root: Node, source: str) -> None:
        self.notes = Notes()
        self._source = source
        self._names = Names()
        self._members = [one for holder in root.under("hasMember") for one in holder.children]
        self._borders = dict(self._read_borders())
        self._slices = [
            one for feature in self._members if feature.name == "Airspace" for one in self._of(feature)
        ]
        self._baselines = {
            name: one
            for one in reversed(self._slices)
            if one.interpretation not in _DELTAS
            for name in one.names
        }
        self._events = [feature for feature in self._members if feature.name == "Event"]

    def zones(self) -> list[Zone]:
        zones = []
        for one in self._slices:
            zone = self._zone(one)
            if zone is not None:
                zones.append(zone)
        for feature in self._members:
            if feature.name not in ("Airspace", "Event", "GeoBorder"):
                self.notes.noted(
                    "", feature.name, _identifiers(feature)[0], "an airspace", "no zone: passed over"
                )
        return zones

    def _read_borders(self) -> list[tuple[str, tuple[tuple[float, float], ...]]]:
        borders = []
        for feature in self._members:
            if feature.name != "GeoBorder":
                continue
            curve = feature.first("border")
            try:
                if curve is not None and curve.children:
                    points = curve_points(Frame(self.notes, "", {}), curve)
                    borders += [(name, points) for name in _identifiers(feature) if points]
            except DecodeError as error:
                self.notes.noted("", f"GeoBorder.{error.field}", error.found, error.must, "not used")
        return borders

    def _of(self, feature: Node) -> list[_Slice]:
        """Return a feature's slices without those that a correction replaces."""
        names = _identifiers(feature)
        latest: dict[tuple[str, str, str], tuple[float, _Slice]] = {}
        for i, node in enumerate(one for holder in feature.each("timeSlice") for one in holder.children):
            interpretation = node.word("interpretation").upper()
            if not interpretation:
                self.notes.read_as(
                    names[0], "interpretation", "absent", "BASELINE or TEMPDELTA", "read as BASELINE"
                )
            sequence = node.word("sequenceNumber")
            correction = node.word("correctionNumber")
            number = float(correction) if correction.isdigit() and len(correction) < 9 else 0.0
            key = (interpretation, sequence, "" if sequence else str(i))
            if key in latest:
                self.notes.noted(
                    names[0], "correctionNumber", correction, "one slice", "the latest correction holds"
                )
            if key not in latest or number >= latest[key][0]:
                latest[key] = (number, _Slice(names[0], names, interpretation or "BASELINE", node, feature))
        return [one for _, one in latest.values()]

    def _find(self, name: str) -> Node | None:
        found = self._baselines.get(name)
        return None if found is None else found.node

    def _zone(self, one: _Slice) -> Zone | None:
        notams = notams_of(self._events_of(one))
        baseline = self._baselines.get(one.identifier)
        is_delta = one.interpretation in _DELTAS
        wanted = one.identifier
        if is_delta and baseline is not None:
            wanted = f"{one.identifier} {one.interpretation} {one.node.word('sequenceNumber')}"
        zone_id = self._names.once(self.notes, wanted, "airspace")
        frame = Frame(self.notes, zone_id, self._borders)
        try:
            volumes, whose = volumes_of(frame, one.node, self._find), ""
            if not volumes and is_delta:
                volumes, whose = self._lent(frame, one, baseline, notams)
        except (DecodeError, ValueError) as error:
            found = (
                error
                if isinstance(error, DecodeError)
                else DecodeError("geometry", str(error)[:80], "a shape")
            )
            self.notes.read_as(zone_id, found.field, found.found, found.must, "no geometry of it")
            volumes, whose = self._lent(frame, one, None, notams)
        if not volumes:
            must = "a geometry, its own, its baseline's or its NOTAM's"
            self.notes.leave_out(zone_id, "geometryComponent", "none", must, one.feature.source())
            return None
        zone = self._made(zone_id, one, baseline if is_delta else None, volumes, notams, whose)
        return beside(self.notes, zone, notams)

    def _lent(
        self, frame: Frame, one: _Slice, baseline: _Slice | None, notams: list[Notam]
    ) -> tuple[list[Volume], str]:
        """Return the volumes of what a slice changes, or of its NOTAM instead, and which of them it is."""
        if baseline is not None and baseline.node is not one.node:
            volumes = volumes_of(frame, baseline.node, self._find)
            self.notes.noted(
                frame.zone_id, "geometryComponent", "absent", "given", "that of the baseline in this file"
            )
            return volumes, "baseline"
        return in_its_place(self.notes, frame.zone_id, one.interpretation, notams), "NOTAM"

    def _made(
        self,
        zone_id: str,
        one: _Slice,
        baseline: _Slice | None,
        volumes: list[Volume],
        notams: list[Notam],
        whose: str,
    ) -> Zone:
        nodes = [one.node] if baseline is None else [one.node, baseline.node]

        def said(*path: str) -> str:
            return next((node.word(*path) for node in nodes if node.word(*path)), "")

        kind = said("type")
        if not kind and notams:
            restriction = Restriction.PROHIBITED
            self.notes.noted(zone_id, "type", "absent", "given", "taken from the code of its NOTAM")
        else:
            classes = [found.text.strip() for node in nodes for found in node.under("classification")]
            restriction = restriction_noted(self.notes, zone_id, "type", kind, classes[0] if classes else "")
        times = times_of(self.notes, zone_id, one.node)
        if times.inactive:
            done = "no restriction, until it is activated"
            self.notes.read_as(zone_id, "activation.status", "INACTIVE only", "active at some time", done)
            restriction = Restriction.NO_RESTRICTION
        self._levels(zone_id, one, volumes)
        designator, name = said("designator"), said("name")
        texts = [Text(text=text) for text in times.remarks]
        texts += [Text(text=quoted(notam.text)) for notam in notams if notam.text]
        return Zone(
            zone_id=zone_id,
            name=" ".join(filter(None, (designator, name))) or (notams[0].number if notams else zone_id),
            restriction=restriction,
            volumes=tuple(volumes),
            strictness=strictness_of(restriction),
            document=", ".join(f"NOTAM {notam.number}" for notam in notams)
            or f"{self._source} {designator or zone_id}".strip(),
            periods=times.periods,
            message=tuple(texts),
            source=self._source,
            extra=extra_of(
                geometry_of=whose,
                identifier=one.identifier,
                interpretation=one.interpretation,
                type=kind,
                local_type=said("localType"),
                designator=designator,
                status=times.statuses,
                activity=times.activities,
                scenario=[event.word("scenario") for event in self._event_slices(one)],
            ),
        )

    def _levels(self, zone_id: str, one: _Slice, volumes: list[Volume]) -> None:
        """Report an activation that reaches less high or low than the volume: the volume is applied."""
        frame = Frame(self.notes, zone_id, {})
        for layer in one.node.under("AirspaceLayer"):
            floor, ceiling = limits_of(frame, layer)
            for field, limit, own in (
                ("levels.lowerLimit", floor, {volume.floor for volume in volumes}),
                ("levels.upperLimit", ceiling, {volume.ceiling for volume in volumes}),
            ):
                if limit is not None and limit not in own:
                    done = "the whole volume is in force, the safer"
                    self.notes.read_as(
                        zone_id, field, f"{limit.value:g} {limit.unit}", "the volume's own", done
                    )

    def _events_of(self, one: _Slice) -> list[Node]:
        links = {
            link.attributes.get("href", "").rpartition(":")[2].lower() for link in one.node.under("theEvent")
        }
        return [event for event in self._events if links & set(_identifiers(event))]

    def _event_slices(self, one: _Slice) -> list[Node]:
        return [piece for event in self._events_of(one) for piece in event.under("EventTimeSlice")]


def _identifiers(feature: Node) -> tuple[str, ...]:
    """Return the names by which a feature may be meant, the one that it goes by first."""
    own = feature.attributes.get("id", "")
    found = (feature.word("identifier"), own.removeprefix("uuid."), own)
    names = tuple(dict.fromkeys(name.lower() for name in found if name))
    return names or (f"{feature.name} without an identifier".lower(),)
