"""Words that are never drawn: slurs, unless you ask for one yourself.

Out: `BLOCKED_WORDS`, in lower case; `poem_constraints`, `adjacency` and `revise` leave them out.

Most texts that the shipped poets learned from are of the nineteenth century and contain the slurs
of their time. The list has words that are first of all slurs to a reader today. It does not have
names of peoples and faiths, nor words with another first sense in verse (*savage*, *heathen*,
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
