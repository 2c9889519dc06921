"""Texts that users upload, and the poets that learn from them.

In: uploaded files, and the wish to train on them. Out: a report of what was read, and a poet
among the muses. Read in this order:

    limits, names, places     how much is taken; safe names; where everything is kept
    refusals                  errors with an HTTP status of their own
    corpora                   uploads: received, kept, deleted
    job                       a training on disk, and the state that follows from its files
    runner, reporter          the process that trains, and what it writes for the servers
    processes                 starting that process, which outlives the server
    poets                     the muses; how a trained poet becomes one
    trainings                 the queue, and what a user can do with a training
"""

from quatrain.studio.training.corpora import Corpora, Upload
from quatrain.studio.training.limits import TrainingLimits
from quatrain.studio.training.poets import list_muses, muse_folder
from quatrain.studio.training.refusals import RefusalError, disk_errors
from quatrain.studio.training.trainings import Trainings

__all__ = [
    "Corpora",
    "RefusalError",
    "TrainingLimits",
    "Trainings",
    "Upload",
    "disk_errors",
    "list_muses",
    "muse_folder",
]
