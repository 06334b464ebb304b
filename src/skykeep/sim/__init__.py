"""Made-up worlds, targets, virtual sensors and simulated effects: the only dice."""

from skykeep.sim.captions import Line, Narrator, captions
from skykeep.sim.loading import bundled_scenarios, load_scenario
from skykeep.sim.night import SimulatedNight
from skykeep.sim.people import ScriptedPeople
from skykeep.sim.scenario import Scenario
from skykeep.sim.score import NightScore, Scorer, score_night
from skykeep.sim.truth import TargetTruth, Truth

__all__ = [
    "Line",
    "Narrator",
    "NightScore",
    "Scenario",
    "Scorer",
    "ScriptedPeople",
    "SimulatedNight",
    "TargetTruth",
    "Truth",
    "bundled_scenarios",
    "captions",
    "load_scenario",
    "score_night",
]
