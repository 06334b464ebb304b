"""How good a picture was, where the truth is known: distances between sets, continuity, honesty, delay."""

from skykeep.scoring.figures import Figure
from skykeep.scoring.run import Settings
from skykeep.scoring.score import Score, score
from skykeep.scoring.sets import Gospa, gospa, ospa
from skykeep.scoring.tables import Tracks, Truth, tracks_of, truth_of
from skykeep.scoring.together import Spread, Together, together

__all__ = [
    "Figure",
    "Gospa",
    "Score",
    "Settings",
    "Spread",
    "Together",
    "Tracks",
    "Truth",
    "gospa",
    "ospa",
    "score",
    "together",
    "tracks_of",
    "truth_of",
]
