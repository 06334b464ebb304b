"""Intent, time to breach, company, priority, and the grounds in sentences."""

from __future__ import annotations

from skykeep.assessment.assessor import Assessor as Assessor
from skykeep.assessment.standing import final_standing as final_standing
from skykeep.assessment.standing import settle as settle
