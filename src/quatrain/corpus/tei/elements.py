"""The treatment of every element of TEI: the one table.

`rule_of` takes the name of an element and returns its `Rule` and the kind under which its text is
counted when it is left out. `docs/tei.md` prints this table. The modules and their elements are
those of TEI P5 4.9; `TEI P4` adds what only older documents have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple


class Rule(Enum):
    """A treatment, in words."""

    TEXT = "its text is read; outside lines, Quatrain looks for lines inside it"
    DIVISION = "a part of the document: lines in two of them are two poems"
    GROUP = "a stanza, or a poem if it holds groups or a head, or if its type says so"
    LINE = "a line of verse"
    BREAK = "a space, unless it says break=no"
    MILESTONE = "nothing, or a space if it says break=yes"
    POINT = "nothing: it marks a place"
    CHOICE = "one of its children is read: corr, reg, expan or ex, else the first"
    SUBSTITUTION = "what was added is read"
    APPARATUS = "the lemma is read, else the first reading"
    RESTORED = "its text is read, what is deleted in it, too"
    HEADING = "the title; left out of the verse and counted"
    BESIDE = "kept beside the poem; left out of the verse and counted"
    PROSE = "left out and counted; verse quoted in it is read"
    FIGURE = "left out and counted; verse in it is read, if it does not stand in a line"
    ASIDE = "left out and counted; --keep-all reads it"
    ABOUT = "left out and counted: it is about the text"
    METADATA = "not text: skipped, and not counted"


class Treatment(NamedTuple):
    """The treatment of one element.

    Attributes:
        rule: what is done.
        kind: what its text is called in counts, or in `Paratext.kind`.
        module: module of TEI that defines it.
    """

    rule: Rule
    kind: str
    module: str


_TABLE: Mapping[str, tuple[tuple[Rule, str, str], ...]] = {
    "textstructure": (
        (Rule.DIVISION, "", "TEI back body div div1 div2 div3 div4 div5 div6 div7 floatingText"),
        (Rule.DIVISION, "", "front group text"),
        (Rule.BESIDE, "argument", "argument"),
        (Rule.BESIDE, "author", "docAuthor"),
        (Rule.BESIDE, "byline", "byline"),
        (Rule.BESIDE, "closing", "closer"),
        (Rule.BESIDE, "date", "dateline docDate"),
        (Rule.BESIDE, "epigraph", "epigraph"),
        (Rule.BESIDE, "opening", "opener"),
        (Rule.BESIDE, "postscript", "postscript"),
        (Rule.BESIDE, "salutation", "salute"),
        (Rule.BESIDE, "signature", "signed"),
        (Rule.BESIDE, "trailer", "trailer"),
        (Rule.ASIDE, "title page", "titlePage docTitle titlePart docEdition docImprint imprimatur"),
    ),
    "core": (
        (Rule.LINE, "", "l"),
        (Rule.GROUP, "", "lg"),
        (Rule.DIVISION, "", "teiCorpus"),
        (Rule.HEADING, "title", "head"),
        (Rule.TEXT, "", "abbr add address addrLine author cit corr date distinct editor ellipsis"),
        (Rule.TEXT, "", "email emph expan foreign gloss hi item list measure measureGrp mentioned"),
        (Rule.TEXT, "", "name num orig postBox postCode pubPlace publisher q quote rb ref reg rs"),
        (Rule.TEXT, "", "ruby said sic soCalled sp street term time title unclear unit"),
        (Rule.BREAK, "", "lb"),
        (Rule.MILESTONE, "", "cb gb milestone pb"),
        (Rule.POINT, "", "divGen graphic media ptr"),
        (Rule.CHOICE, "alternative in a choice", "choice"),
        (Rule.PROSE, "prose", "p"),
        (Rule.ASIDE, "deletion", "del"),
        (Rule.ASIDE, "gap in the text", "gap"),
        (Rule.ASIDE, "label", "label headItem headLabel"),
        (Rule.ASIDE, "meeting", "meeting"),
        (Rule.ASIDE, "note", "note noteGrp"),
        (Rule.ASIDE, "reference", "bibl biblScope citedRange"),
        (Rule.ASIDE, "ruby gloss", "rt"),
        (Rule.ASIDE, "speaker", "speaker"),
        (Rule.ASIDE, "stage direction", "stage"),
        (Rule.ABOUT, "index entry", "index"),
        (Rule.ABOUT, "", "analytic biblStruct binaryObject desc imprint listBibl monogr"),
        (Rule.ABOUT, "", "relatedItem resp respStmt series textLang"),
    ),
    "verse": (
        (Rule.TEXT, "", "rhyme"),
        (Rule.BREAK, "", "caesura"),
        (Rule.METADATA, "", "metDecl metSym"),
    ),
    "drama": (
        (Rule.DIVISION, "", "epilogue prologue"),
        (Rule.TEXT, "", "spGrp"),
        (Rule.POINT, "", "move"),
        (Rule.ASIDE, "cast list", "actor castGroup castItem castList role roleDesc"),
        (Rule.ASIDE, "setting", "set"),
        (Rule.ASIDE, "performance", "performance"),
        (Rule.ASIDE, "technical direction", "camera caption sound tech view"),
    ),
    "transcr": (
        (Rule.TEXT, "", "am damage ex mod retrace secl supplied"),
        (Rule.BREAK, "", "space"),
        (Rule.SUBSTITUTION, "addition that was undone", "subst"),
        (Rule.RESTORED, "", "restore"),
        (Rule.POINT, "", "addSpan damageSpan delSpan handShift listTranspose redo substJoin"),
        (Rule.POINT, "", "transpose undo"),
        (Rule.ASIDE, "page furniture", "fw"),
        (Rule.ASIDE, "surplus text", "surplus"),
        (Rule.ABOUT, "mark of a writer or an editor", "metamark"),
        (Rule.ABOUT, "transcription by page", "sourceDoc line path surface surfaceGrp zone"),
        (Rule.METADATA, "", "facsimile handNotes"),
    ),
    "textcrit": (
        (Rule.APPARATUS, "variant reading", "app"),
        (Rule.TEXT, "", "lem rdg rdgGrp"),
        (Rule.POINT, "", "lacunaEnd lacunaStart witEnd witStart"),
        (Rule.ABOUT, "variant reading", "listApp"),
        (Rule.ABOUT, "witness", "listWit wit witDetail witness"),
        (Rule.METADATA, "", "variantEncoding"),
    ),
    "gaiji": (
        (Rule.TEXT, "glyph without a character", "g"),
        (Rule.METADATA, "", "char charDecl glyph localProp mapping unicodeProp unihanProp"),
    ),
    "linking": (
        (Rule.TEXT, "", "seg"),
        (Rule.PROSE, "prose", "ab"),
        (Rule.POINT, "", "alt altGrp anchor join joinGrp link linkGrp timeline when"),
        (Rule.METADATA, "", "annotation listAnnotation standOff"),
    ),
    "analysis": (
        (Rule.TEXT, "", "c cl m pc phr s w"),
        (Rule.ABOUT, "", "interp interpGrp span spanGrp"),
    ),
    "figures": (
        (Rule.TEXT, "", "cell row table"),
        (Rule.FIGURE, "figure", "figure"),
        (Rule.ASIDE, "music", "notatedMusic"),
        (Rule.ABOUT, "", "figDesc formula"),
    ),
    "namesdates": (
        (Rule.TEXT, "", "addName affiliation bloc climate country district eventName forename"),
        (
            Rule.TEXT,
            "",
            "genName geogFeat geogName location nameLink nationality objectName offset",
        ),
        (Rule.TEXT, "", "occupation orgName persName persPronouns placeName population region"),
        (Rule.TEXT, "", "residence roleName settlement surname terrain"),
        (Rule.ABOUT, "", "age birth death education event faith floruit gender geo langKnowledge"),
        (Rule.ABOUT, "", "langKnown listEvent listNym listObject listOrg listPerson listPlace"),
        (Rule.ABOUT, "", "listRelation nym object objectIdentifier org person personGrp persona"),
        (Rule.ABOUT, "", "place relation sex socecStatus state trait"),
    ),
    "msdescription": (
        (Rule.TEXT, "", "depth dim dimensions height heraldry locus locusGrp material objectType"),
        (Rule.TEXT, "", "origDate origPlace width"),
        (Rule.ASIDE, "page furniture", "catchwords secFol signatures stamp watermark"),
        (Rule.ABOUT, "", "accMat acquisition additional additions adminInfo altIdentifier binding"),
        (Rule.ABOUT, "", "bindingDesc collation collection colophon condition custEvent"),
        (
            Rule.ABOUT,
            "",
            "custodialHist decoDesc decoNote explicit filiation finalRubric foliation",
        ),
        (
            Rule.ABOUT,
            "",
            "handDesc history incipit institution layout layoutDesc msContents msDesc",
        ),
        (Rule.ABOUT, "", "msFrag msIdentifier msItem msItemStruct msName msPart musicNotation"),
        (Rule.ABOUT, "", "objectDesc origin physDesc provenance recordHist repository rubric"),
        (Rule.ABOUT, "", "scriptDesc seal sealDesc source summary support supportDesc surrogates"),
        (Rule.ABOUT, "", "typeDesc typeNote"),
    ),
    "header": (
        (Rule.METADATA, "", "teiHeader xenoData encodingDesc fileDesc profileDesc revisionDesc"),
        (Rule.TEXT, "", "idno"),
        (Rule.METADATA, "", "abstract appInfo application authority availability biblFull"),
        (Rule.METADATA, "", "cRefPattern calendar calendarDesc catDesc catRef category change"),
        (Rule.METADATA, "", "citeData citeStructure classCode classDecl conversion correction"),
        (Rule.METADATA, "", "correspAction correspContext correspDesc creation distributor"),
        (Rule.METADATA, "", "edition editionStmt editorialDecl extent funder geoDecl handNote"),
        (Rule.METADATA, "", "hyphenation interpretation keywords langUsage language licence"),
        (Rule.METADATA, "", "listChange listPrefixDef namespace normalization notesStmt prefixDef"),
        (Rule.METADATA, "", "principal projectDesc publicationStmt punctuation quotation refState"),
        (Rule.METADATA, "", "refsDecl rendition samplingDecl schemaRef scriptNote segmentation"),
        (Rule.METADATA, "", "seriesStmt sourceDesc sponsor stdVals styleDefDecl tagUsage tagsDecl"),
        (Rule.METADATA, "", "taxonomy textClass titleStmt unitDecl unitDef"),
    ),
    "spoken": (
        (Rule.PROSE, "prose", "u writing"),
        (Rule.TEXT, "", "annotationBlock"),
        (Rule.POINT, "", "pause shift"),
        (Rule.ASIDE, "sound that is described", "incident kinesic vocal"),
        (Rule.METADATA, "", "broadcast equipment recording recordingStmt scriptStmt"),
        (Rule.METADATA, "", "transcriptionDesc"),
    ),
    "cmc": ((Rule.DIVISION, "", "post"),),
    "certainty": ((Rule.ABOUT, "", "certainty precision respons"),),
    "dictionaries": (
        (Rule.ABOUT, "", "entry entryFree superEntry etym form gramGrp sense"),
        (Rule.TEXT, "", "lang oRef pRef"),
        (Rule.ABOUT, "", "case colloc def dictScrap gen gram hom hyph iType lbl mood number orth"),
        (Rule.ABOUT, "", "per pos pron re stress subc syll tns usg xr"),
    ),
    "iso-fs": (
        (Rule.ABOUT, "", "f fLib fs fvLib fsDecl"),
        (Rule.ABOUT, "", "bicond binary cond default fDecl fDescr fsConstraints fsDescr fsdDecl"),
        (Rule.ABOUT, "", "fsdLink if iff numeric string symbol then vAlt vColl vDefault vLabel"),
        (Rule.ABOUT, "", "vMerge vNot vRange"),
    ),
    "nets": (
        (Rule.ABOUT, "", "eTree forest graph listForest tree triangle"),
        (Rule.ABOUT, "", "arc eLeaf iNode leaf node root"),
    ),
    "tagdocs": (
        (Rule.TEXT, "", "att code gi ident tag val"),
        (Rule.ABOUT, "", "eg egXML exemplum listRef schemaSpec specDesc specGrp specList"),
        (Rule.ABOUT, "", "altIdent alternate anyElement attDef attList attRef classRef classSpec"),
        (Rule.ABOUT, "", "classes constraint constraintSpec content dataFacet dataRef dataSpec"),
        (Rule.ABOUT, "", "datatype defaultVal elementRef elementSpec empty equiv macroRef"),
        (Rule.ABOUT, "", "macroSpec memberOf model modelGrp modelSequence moduleRef moduleSpec"),
        (Rule.ABOUT, "", "outputRendition param paramList paramSpec remarks sequence specGrpRef"),
        (Rule.ABOUT, "", "textNode valDesc valItem valList"),
    ),
    "corpus": (
        (Rule.METADATA, "", "activity channel constitution derivation domain factuality"),
        (Rule.METADATA, "", "interaction locale particDesc preparedness purpose setting"),
        (Rule.METADATA, "", "settingDesc textDesc"),
    ),
    "TEI P4": (
        (Rule.DIVISION, "", "TEI.2 div0"),
        (Rule.GROUP, "", "lg1 lg2 lg3 lg4 lg5"),
        (Rule.TEXT, "", "xref"),
        (Rule.POINT, "", "xptr"),
        (Rule.ABOUT, "witness", "witList"),
    ),
}


def _rows() -> Iterator[tuple[str, Treatment]]:
    """Yield each element of the table with its treatment."""
    for module, rows in _TABLE.items():
        for rule, kind, names in rows:
            for name in names.split():
                yield name, Treatment(rule, kind or f"<{name}>", module)


ELEMENTS: Mapping[str, Treatment] = MappingProxyType(dict(_rows()))
"""Treatment of each element, by its name without a namespace."""

UNKNOWN = Treatment(Rule.TEXT, "", "")
"""Treatment of an element that TEI does not have. The report names it."""

VOCABULARIES = {
    "http://www.w3.org/2001/XInclude": "inclusion that is not followed",
    "http://www.w3.org/2000/svg": "drawing (SVG)",
    "http://www.w3.org/1998/Math/MathML": "formula (MathML)",
    "http://www.music-encoding.org/ns/mei": "music (MEI)",
    "http://www.tei-c.org/ns/Examples": "example of markup",
}
"""Other vocabularies that hold no words of the text -> what their elements are counted as."""
