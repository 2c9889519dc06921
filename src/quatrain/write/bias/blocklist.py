"""Words that no poem has unless its writer gave them.

In: nothing. Out: `BLOCKED_WORDS`, in lower case; next `demands`, `word_line` and
`alternatives`, which do not draw them.

The texts that the shipped poets learned from are mostly of the nineteenth century, and have the
slurs of their time. Listed is what is first of all a slur to a reader today. What is not: names of
peoples and of faiths, and words whose first sense in verse is another (*savage*, *heathen*,
*chink*, *dyke*, *wench*, *cripple*).
"""

BLOCKED_WORDS = frozenset({
    "bitch", "bitches", "blackamoor", "blackamoors", "coolie", "coolies", "coon", "coons",
    "darkey", "darkeys", "darkie", "darkies", "darky", "fag", "faggot", "faggots", "fags",
    "injun", "injuns", "kaffir", "kaffirs", "nigga", "niggas", "nigger", "niggers",
    "negress", "negro", "negroes", "octoroon", "papist", "papists", "pickaninnies", "pickaninny",
    "redskin", "redskins", "retard", "retards", "sambo", "slut", "sluts", "squaw", "squaws",
    "whore", "whores",
})  # fmt: skip
