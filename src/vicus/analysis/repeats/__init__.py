"""Near repeats: does one event make others nearby, soon after, more likely?"""

from vicus.analysis.repeats.chains import near_repeat_chains
from vicus.analysis.repeats.local import LocalKnox, local_knox
from vicus.analysis.repeats.pairs import Knox, knox

near_repeat = knox

__all__ = ["Knox", "LocalKnox", "knox", "local_knox", "near_repeat", "near_repeat_chains"]
