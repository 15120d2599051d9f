/** The words that hold English together, most frequent first. */
const SMALL =
  "the of to and a in is it you that for on are with as this be at your have from or was we can by not but what all will when there an which do their if how up out them then she many some so these would other into has more two like him see time could no make than been its who now my over did down only way may part";

/** What a customer writes to a shop and what an assistant answers. Each may take an ending. */
const STEMS =
  "order ship track parcel return refund price pay card bill charge credit account sign pass word reset email phone address street house door floor deliver driver depot stock size color brand tent stove boot jacket glove rope lamp bottle pack strap zip seam fabric cotton wool leather steel wood paper plastic glass repair mend wash dry clean store shop cart coupon discount offer deal sale season summer winter spring autumn rain snow storm wind sun cloud heat cold warm cool light dark heavy soft hard short long wide deep high low fast slow early late next last first second week month year day night morn hour minute moment wait hold call ask answer reply write read send open close start stop end begin finish change keep give take bring put move turn look find search show tell speak talk listen hear think know learn teach explain describe compare choose pick decide agree accept refuse cancel confirm check test measure count number amount total sum half quarter double extra free full empty new old young good bad best worst great small large big little real true false right wrong left near far here home work office desk team group member friend person people child parent family customer client user agent manager expert help support assist guide advice question problem issue error fault break fix solve reason cause effect result report record list table chart graph page book note letter message text line point place area region country city town village road path bridge river lake sea coast island hill mountain forest field garden park farm animal bird fish dog cat horse plant tree flower leaf root seed fruit food bread meal cook drink water tea coffee milk sugar salt oil fire stone sand earth metal gold silver iron model train data token prompt context window layer vector query index cache limit rate quota retry queue batch stream chunk span trace score label metric cost budget plan draft review approve deploy release version branch merge commit build server network socket packet signal sensor engine motor wheel brake pedal gear chain frame seat handle button screen keyboard mouse camera sound music voice song picture image video film story history science nature health doctor nurse medicine hospital school lesson student class exam degree market trade profit loss tax rent loan bank money coin law court judge rule right duty contract claim proof fact idea thought mind heart hand foot head face eye ear nose mouth tooth hair skin bone blood";

/** Behind a stem, the bare word first, so that it is the most frequent. */
const ENDINGS = ["", "s", "ed", "ing", "er", "able", "less", "ment", "ness", "ward", "wise", "like", "ship", "hood"];

const literal = (words: string) => `splitByChar(' ', '${words}')`;
const STEM_COUNT = new Set(STEMS.split(" ")).size;

/** How many words there are. */
export const WORD_COUNT = SMALL.split(" ").length + STEM_COUNT * ENDINGS.length;

/** How many draws {@link DRAWS} holds; a power of two. */
export const DRAW_COUNT = 65_536;

/**
 * SQL for an array of words to draw from evenly. Each word occurs as often as in Zipf's law: the word of rank r about
 * 1/r as often as the first. Each word ends with a blank, and sometimes with a full stop, so that a text is a sequence
 * of draws.
 */
export const DRAWS = `(
  WITH arrayConcat(${literal(SMALL)}, arrayFlatten(arrayMap(
    ending -> arrayMap(stem -> concat(stem, ending), arrayDistinct(${literal(STEMS)})),
    [${ENDINGS.map((ending) => `'${ending}'`).join(", ")}]))) AS words
  SELECT arrayMap(
    place -> concat(words[toUInt32(pow(${WORD_COUNT + 1}, (place + 0.5) / ${DRAW_COUNT}))], multiIf(place % 11 = 0, '. ', place % 17 = 0, ', ', ' ')),
    range(${DRAW_COUNT})))`;
