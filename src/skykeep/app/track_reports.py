"""What is thought at one tick, as it is told to other systems: tracks on the globe, in plain units.

A track's east, north and up are turned to its own place, where another system will take them: 10 km out they
differ from the site's by a tenth of a degree.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.airspace import Permission
from skykeep.domain.identity import TargetClass
from skykeep.domain.site import Site
from skykeep.domain.track import Picture, TrackReport, TrackStatus
from skykeep.engine.outputs import Judgement
from skykeep.geo.turns import turns_to_own_place


def track_reports(judgement: Judgement, site: Site) -> list[TrackReport]:
    """Return every track of a judgement in the picture's order, those that just ended too, with their status.

    Where a picture carries no covariance (all of it 0, as in a table without those columns) it is NaN in the
    report, and so are the sigmas. `sensor_ids` are those whose detections the track took since the last
    picture. `permit_id` is only a permit that allows it to be where it is.
    """
    picture = judgement.picture
    latitude_deg, longitude_deg, height_hae_m = site.origin.to_geodetic(picture.state[:, :3])
    places = list(zip(latitude_deg.tolist(), longitude_deg.tolist(), height_hae_m.tolist(), strict=True))
    turn = turns_to_own_place(site.origin, latitude_deg, longitude_deg)
    velocity = np.einsum("nij,nj->ni", turn, picture.state[:, 3:6])
    covariance = _or_unknown(np.einsum("nij,njk,nlk->nil", turn, picture.covariance[:, :3, :3], turn))
    sigma = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    names = dict(judgement.orders.names)
    seen_by = _seen_by(picture)
    reports = []
    for row, track_id in enumerate(picture.track_id.tolist()):
        found, verdict = judgement.identifications[row], judgement.verdicts[row]
        c = covariance[row].tolist()
        east_mps, north_mps, up_mps = velocity[row].tolist()
        sigma_east_m, sigma_north_m, sigma_up_m = sigma[row].tolist()
        reports.append(
            TrackReport(
                track_id=track_id,
                time_utc_ns=picture.time_utc_ns,
                status=TrackStatus(int(picture.status[row])),
                latitude_deg=places[row][0],
                longitude_deg=places[row][1],
                height_hae_m=places[row][2],
                height_amsl_m=float(judgement.height_amsl_m[row]),
                height_agl_m=float(judgement.height_agl_m[row]),
                velocity_enu_mps=(east_mps, north_mps, up_mps),
                sigma_enu_m=(sigma_east_m, sigma_north_m, sigma_up_m),
                covariance_enu=(c[0][0], c[0][1], c[0][2], c[1][1], c[1][2], c[2][2]),
                existence=float(picture.existence[row]),
                target_class=TargetClass(int(np.argmax(found.class_probabilities))),
                class_probabilities=found.class_probabilities,
                standing=found.standing,
                name=names.get(track_id, f"Track {track_id}"),
                claimed_id=found.claimed_id,
                permit_id=verdict.permit_id if verdict.permission is Permission.ALLOWED else "",
                sensor_ids=seen_by.get(track_id, ()),
                born_utc_ns=int(picture.born_utc_ns[row]),
                last_detected_utc_ns=int(picture.last_detected_utc_ns[row]),
            )
        )
    return reports


def _or_unknown(covariance: FloatArray) -> FloatArray:
    told = np.any(covariance != 0.0, axis=(1, 2))
    known: FloatArray = np.where(told[:, None, None], covariance, np.nan)
    return known


def _seen_by(picture: Picture) -> dict[int, tuple[str, ...]]:
    """Return, for each track, the sensors it took detections of since the last picture, by name."""
    seen: dict[int, set[str]] = {}
    pairs = zip(picture.support_track_id.tolist(), picture.support_sensor.tolist(), strict=True)
    for track_id, sensor in pairs:
        seen.setdefault(track_id, set()).add(picture.sensor_ids[sensor])
    return {track_id: tuple(sorted(sensors)) for track_id, sensors in seen.items()}
