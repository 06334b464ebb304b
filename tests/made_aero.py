"""Made-up aeronautical publications: AIXM, NOTAM, FAA restrictions, OpenAir, YAIXM. No place is real."""

from __future__ import annotations

AIXM_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><m:AIXMBasicMessage xmlns:m="urn:m" xmlns:aixm="urn:aixm" '
    'xmlns:gml="urn:gml" xmlns:event="urn:event" xmlns:xlink="urn:xlink">'
)
AIXM_TAIL = "</m:AIXMBasicMessage>"
CIRCLE = (
    "<gml:CircleByCenterPoint><gml:pos>{lat} {lon}</gml:pos>"
    '<gml:radius uom="{uom}">{radius}</gml:radius></gml:CircleByCenterPoint>'
)


def circle(lat: float, lon: float, radius: float, uom: str = "NM") -> str:
    return CIRCLE.format(lat=lat, lon=lon, radius=radius, uom=uom)


def string(*places: tuple[float, float], kind: str = "GeodesicString") -> str:
    """Return a string of (latitude, longitude)."""
    numbers = " ".join(f"{first} {second}" for first, second in places)
    return f"<gml:{kind}><gml:posList>{numbers}</gml:posList></gml:{kind}>"


def surface(segments: str, holes: tuple[str, ...] = (), srs: str = "urn:ogc:def:crs:EPSG::4326") -> str:
    def ring(inside: str) -> str:
        return (
            f"<gml:Ring><gml:curveMember><gml:Curve><gml:segments>{inside}</gml:segments></gml:Curve>"
            "</gml:curveMember></gml:Ring>"
        )

    interiors = "".join(f"<gml:interior>{ring(hole)}</gml:interior>" for hole in holes)
    return (
        f'<aixm:Surface srsName="{srs}"><gml:patches><gml:PolygonPatch><gml:exterior>{ring(segments)}'
        f"</gml:exterior>{interiors}</gml:PolygonPatch></gml:patches></aixm:Surface>"
    )


def component(
    shape: str,
    operation: str = "",
    sequence: int = 0,
    lower: str = '<aixm:lowerLimit uom="FT">GND</aixm:lowerLimit>',
    upper: str = '<aixm:upperLimit uom="FT">5000</aixm:upperLimit>'
    "<aixm:upperLimitReference>MSL</aixm:upperLimitReference>",
) -> str:
    order = f"<aixm:operationSequence>{sequence}</aixm:operationSequence>" if sequence else ""
    how = f"<aixm:operation>{operation}</aixm:operation>" if operation else ""
    return (
        f"<aixm:geometryComponent><aixm:AirspaceGeometryComponent>{how}{order}<aixm:theAirspaceVolume>"
        f"<aixm:AirspaceVolume>{upper}{lower}<aixm:horizontalProjection>{shape}</aixm:horizontalProjection>"
        "</aixm:AirspaceVolume></aixm:theAirspaceVolume></aixm:AirspaceGeometryComponent></aixm:geometryComponent>"
    )


def contributor(uuid: str, operation: str, sequence: int) -> str:
    return (
        f"<aixm:geometryComponent><aixm:AirspaceGeometryComponent><aixm:operation>{operation}</aixm:operation>"
        f"<aixm:operationSequence>{sequence}</aixm:operationSequence><aixm:theAirspaceVolume><aixm:AirspaceVolume>"
        "<aixm:contributorAirspace><aixm:AirspaceVolumeDependency><aixm:dependency>FULL_GEOMETRY</aixm:dependency>"
        f'<aixm:theAirspace xlink:href="urn:uuid:{uuid}"/></aixm:AirspaceVolumeDependency>'
        "</aixm:contributorAirspace></aixm:AirspaceVolume></aixm:theAirspaceVolume>"
        "</aixm:AirspaceGeometryComponent></aixm:geometryComponent>"
    )


def timesheet(**said: str) -> str:
    words = "".join(f"<aixm:{name}>{value}</aixm:{name}>" for name, value in said.items())
    return f"<aixm:timeInterval><aixm:Timesheet>{words}</aixm:Timesheet></aixm:timeInterval>"


def activation(inside: str = "", status: str = "ACTIVE") -> str:
    return (
        f"<aixm:activation><aixm:AirspaceActivation>{inside}<aixm:status>{status}</aixm:status>"
        "</aixm:AirspaceActivation></aixm:activation>"
    )


def airspace(
    uuid: str,
    inside: str,
    kind: str = "R",
    interpretation: str = "BASELINE",
    begin: str = "2031-05-03T07:00:00Z",
    end: str = "2031-05-04T23:00:00Z",
    event: str = "",
    sequence: int = 1,
) -> str:
    link = (
        f'<aixm:extension><event:AirspaceExtension><event:theEvent xlink:href="urn:uuid:{event}"/>'
        "</event:AirspaceExtension></aixm:extension>"
        if event
        else ""
    )
    typed = f"<aixm:type>{kind}</aixm:type>" if kind else ""
    return (
        f'<m:hasMember><aixm:Airspace gml:id="uuid.{uuid}"><gml:identifier>{uuid}</gml:identifier>'
        "<aixm:timeSlice><aixm:AirspaceTimeSlice><gml:validTime><gml:TimePeriod>"
        f"<gml:beginPosition>{begin}</gml:beginPosition><gml:endPosition>{end}</gml:endPosition>"
        f"</gml:TimePeriod></gml:validTime><aixm:interpretation>{interpretation}</aixm:interpretation>"
        f"<aixm:sequenceNumber>{sequence}</aixm:sequenceNumber>{typed}{inside}{link}"
        "</aixm:AirspaceTimeSlice></aixm:timeSlice></aixm:Airspace></m:hasMember>"
    )


def event(uuid: str, **said: str) -> str:
    words = "".join(f"<event:{name}>{value}</event:{name}>" for name, value in said.items())
    return (
        f'<m:hasMember><event:Event gml:id="uuid.{uuid}"><event:timeSlice><event:EventTimeSlice>'
        f"<event:scenario>SAA.NEW</event:scenario><event:textNOTAM><event:NOTAM>{words}</event:NOTAM>"
        "</event:textNOTAM></event:EventTimeSlice></event:timeSlice></event:Event></m:hasMember>"
    )


def aixm(*members: str) -> bytes:
    return (AIXM_HEAD + "".join(members) + AIXM_TAIL).encode()


SQUARE = ((52.0, 4.0), (52.0, 4.2), (52.1, 4.2), (52.1, 4.0), (52.0, 4.0))
MADE_AIXM = aixm(
    airspace(
        "a1", component(surface(string(*SQUARE)), "BASE", 1) + contributor("a2", "SUBTR", 2)
        + activation(timesheet(day="MON", dayTil="FRI", startTime="06:00", endTime="15:30")), event="e1",
    ),
    airspace("a2", component(surface(circle(52.05, 4.1, 1.0))), kind="CTR"),
    airspace(
        "a3", activation(timesheet(day="ANY", startEvent="SR", endEvent="SS")), "", "TEMPDELTA", event="e1"
    ),
    event("e1", series="A", number="0007", year="2031", type="N", selectionCode="QRRCA", scope="W",
          minimumFL="000", maximumFL="050", coordinates="5203N00406E", radius="006",
          effectiveStart="3105030700", effectiveEnd="3105042300",
          text="RESTRICTED AREA. 3NM RADIUS OF 520300N 0040600E",
          lowerLimit="SFC", upperLimit="5000FT AMSL"),
)  # fmt: skip

MADE_NOTAMS = b"""\
(A0101/31 NOTAMN
Q) XXAA/QRTCA/IV/BO/W/000/050/5740N01215E003
A) XXAA B) 3105031000 C) 3105182000
D) 07 1900-2359, 08 0000-0100 1900-2359
E) TEMPORARY RESTRICTED AREA ESTABLISHED WITHIN 2NM RADIUS OF
574012N 0121500E.
F) SFC G) 5000FT AMSL)

(A0102/31 NOTAMN
Q) XXAA/QRDCA/IV/BO/W/050/120/5735N01220E012
A) XXAA B) 3105050600 C) 3105091600 EST
D) MON-FRI 0600-1600 EXC HOL
E) DANGER AREA ACTIVE, BOUNDED BY
574012N 0121500E - 574112N 0122500E - 573012N 0122500E - 573012N 0121500E
- 574012N 0121500E
F) FL050 G) FL120)

(A0103/31 NOTAMR A0099/31
Q) XXAA/QWULW/IV/BO/W/000/004/5730N01200E001
A) XXBB B) 3105010000 C) PERM
D) SR MINUS30-SS PLUS30
E) UNMANNED ACFT WILL TAKE PLACE PSN 573000N0120000E RADIUS 500M.
F) SFC G) 120M AGL)
"""
MADE_TFR = b"""\
<XNOTAM-Update created="2031-05-03T02:14:07"><Group><Add><Not>
<NotUid><txtLocalName>1/2345</txtLocalName></NotUid><dateEffective>2031-05-04T12:00:00</dateEffective>
<dateExpire>2031-05-05T02:00:00</dateExpire><codeTimeZone>UTC</codeTimeZone>
<TfrNot><codeType>91.141</codeType><TFRAreaGroup>
<aseTFRArea><AseUid><codeId>1</codeId></AseUid><txtName>Area A</txtName>
<codeDistVerUpper>ALT</codeDistVerUpper>
<valDistVerUpper>18000</valDistVerUpper><uomDistVerUpper>FT</uomDistVerUpper><codeDistVerLower>HEI</codeDistVerLower>
<valDistVerLower>0</valDistVerLower><uomDistVerLower>FT</uomDistVerLower></aseTFRArea>
<aseShapes><AseUid><codeId>1</codeId></AseUid><Abd><Avx><codeType>CIR</codeType><geoLat>40.5N</geoLat>
<geoLong>070.25W</geoLong><valRadiusArc>3</valRadiusArc><uomRadiusArc>NM</uomRadiusArc></Avx></Abd></aseShapes>
</TFRAreaGroup></TfrNot></Not></Add></Group></XNOTAM-Update>
"""
MADE_OPENAIR = b"""\
* made
AC R
AN MADE R1
AH FL95
AL 1500ft MSL
V X=39:30.0N 119:45.0W
DP 39:40:00N 119:45:00W
DB 39:40:00N 119:45:00W, 39:30:00N 119:32:02W
DP 39:30:00N 119:45:00W
AC UNC
AY RMZ
AN MADE RMZ
AI made-rmz
AF 123.450
AG Made Radio
AA 2031-05-03T12:00Z/2031-05-03T24:00Z
AH 450m AGL
AL GND
V X=50:35:36N 007:56:42E
DC 2.00
"""
MADE_YAIXM = b"""\
rat:
- name: MADEVILLE (6 MAY)
  type: P
  geometry:
  - lower: SFC
    upper: 3500 ft
    boundary:
    - circle:
        radius: 5.5 nm
        centre: 520351N 0010056W
- name: MADE CTA
  id: made-cta
  type: CTA
  class: D
  geometry:
  - seq: "1"
    lower: FL65
    upper: FL95
    boundary:
    - line:
      - 572153N 0015835W
      - 572100N 0015802W
      - 572100N 0023356W
    - arc:
        dir: cw
        radius: 10 nm
        centre: 571834N 0021602W
        to: 572153N 0015835W
"""
