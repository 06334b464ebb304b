"""Draw the made-up world as a PNG, to look at it.

python design/world_preview.py OUT.png [WEST SOUTH EAST NORTH] [--seed N], the window in metres.
Needs matplotlib, which the product does not.
"""

from __future__ import annotations

import sys
import time

import matplotlib as mpl
import numpy as np
import shapely

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import LightSource
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from skykeep.sim.world import Feature, build_world

FILL = {
    "residential": "#e6e2d8", "old_town": "#e8d9c4", "commercial": "#ecdcd6", "industrial": "#dcd8e4",
    "port": "#d5d3e0",
    "airport": "#dfe2e6", "institution": "#e9e2c9", "farmland": "#eef0d5", "beach": "#f5e8b8",
    "rock": "#d8d2c6",
    "square": "#f3ecdf", "stadium": "#dcebd2", "apron": "#cfd3da", "park": "#bfe0ac", "wood": "#a9cf9a",
    "grass": "#cde8b5",
    "cemetery": "#b7d3ac", "scrub": "#d3dfb5", "pitch": "#9fd68f", "sea": "#a6c8e0", "river": "#a6c8e0",
    "lake": "#a6c8e0",
    "runway": "#8a8f99", "taxiway": "#a9aeb8",
}  # fmt: skip
ROAD = {
    "motorway": ("#e58e4f", 26), "primary": ("#f2b45b", 20), "secondary": ("#f7dd85", 15),
    "tertiary": ("#ffffff", 12),
    "street": ("#ffffff", 9), "service": ("#ffffff", 5), "path": ("#ddccbb", 3), "rail": ("#777777", 5),
}  # fmt: skip


def patch(polygon: shapely.Polygon) -> PathPatch:
    rings = [polygon.exterior, *polygon.interiors]
    return PathPatch(Path.make_compound_path(*[Path(np.asarray(ring.coords)[:, :2]) for ring in rings]))


def fill(ax: plt.Axes, features: list[Feature], colour: str, **style: object) -> None:
    parts = [patch(p) for f in features for p in shapely.get_parts(f.geometry) if p.geom_type == "Polygon"]
    ax.add_collection(PatchCollection(parts, facecolor=colour, **{"edgecolor": "none", **style}))


def main() -> None:
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 7
    window = [float(a) for a in arguments[1:5]] if len(arguments) >= 5 else [-6000, -4800, 6000, 7200]
    started = time.perf_counter()
    world = build_world(seed)
    print(f"built in {time.perf_counter() - started:.2f} s; {len(world.layers['buildings'])} buildings")
    people = world.population
    print(f"people: {people.persons_day.sum():.0f} by day, {people.persons_night.sum():.0f} by night")
    fig, ax = plt.subplots(figsize=(14, 14 * (window[3] - window[1]) / (window[2] - window[0])))
    ax.set_facecolor("#f2efe6")
    pixels_per_m = 14 * 72 / (window[2] - window[0])
    for layer in ("landuse", "parks"):
        for kind in FILL:
            fill(ax, [f for f in world.layers[layer] if f.properties["kind"] == kind], FILL[kind])
    t = world.terrain
    shade = LightSource(315, 45).hillshade(t.heights_m, vert_exag=1.5, dx=30, dy=30)
    ax.imshow(
        shade,
        cmap="gray",
        origin="lower",
        alpha=0.25,
        extent=(t.west_m, t.east_m, t.south_m, t.north_m),
        vmin=0,
        vmax=1,
    )
    lines = [np.asarray(f.geometry.coords) for f in world.layers["contours"]]
    ax.add_collection(LineCollection(lines, colors="#b09a70", linewidths=0.25))
    fill(ax, list(world.layers["water"]), FILL["sea"], edgecolor="#7fa8c6", linewidth=0.5)
    moles = [
        f for f in world.layers["landuse"] if f.properties["kind"] == "rock" and f.geometry.area < 20_000
    ]
    fill(ax, moles, FILL["rock"], edgecolor="#999")
    for f in world.layers["runway"]:
        fill(ax, [f], FILL[str(f.properties["kind"])])
    fill(ax, list(world.layers["bridges"]), "#ffffff", edgecolor="#888")
    for road_class in ("path", "service", "street", "tertiary", "rail", "secondary", "primary", "motorway"):
        colour, width_m = ROAD[road_class]
        lines = [
            np.asarray(f.geometry.coords)
            for f in world.layers["roads"]
            if f.properties["class"] == road_class
        ]
        width = max(0.5, width_m * pixels_per_m)
        ax.add_collection(LineCollection(lines, colors="#b8b0a4", linewidths=width * 1.2 + 0.3))
        ax.add_collection(LineCollection(lines, colors=colour, linewidths=width))
    fill(ax, list(world.layers["buildings"]), "#c9bba8", edgecolor="#9c8f7e", linewidth=0.3)
    lines = [np.asarray(f.geometry.coords) for f in world.layers["walls"]]
    ax.add_collection(LineCollection(lines, colors="#333", linewidths=1.2))
    for place in world.places:
        if window[0] < place.east_m < window[2] and window[1] < place.north_m < window[3]:
            ax.text(
                place.east_m,
                place.north_m,
                place.name,
                fontsize=10 - 1.3 * place.rank + 2,
                ha="center",
                color="#333",
            )
    ax.set_xlim(window[0], window[2])
    ax.set_ylim(window[1], window[3])
    ax.set_aspect("equal")
    ax.axis("off")
    fig.subplots_adjust(0, 0, 1, 1)
    fig.savefig(arguments[0], dpi=72)


main()
