"""Groups of poems compared, from folders of results: shares and means with intervals.

In: folders that a scan made. Out: a `GroupComparison`. Read in this order:

    grouping     the keys of a poem, and the groups they make
    counting     what is counted of every poem, part by part of the results
    measures     which of the counts are measured, and over what
    bootstrap    intervals by drawing the poems of a group again
    comparing    the comparison

Memory grows with the number of poems, by a few kilobytes for each; words and texts of lines are
never read.
"""

from quatrain.scale.comparison.comparing import compare

__all__ = ["compare"]
