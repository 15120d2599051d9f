const wordsIn = (list: string): ReadonlySet<string> => new Set(list.split(" "));

/** Titles before a name. What follows them is a name, whether or not it is listed. */
export const TITLES = wordsIn(
  "mr mrs ms miss mx dr prof professor doctor sir madam madame mme monsieur herr frau señor señora signor signora dhr mevrouw pan pani herrn",
);

/** Words before a name at the beginning of a letter. A listed name need not follow. */
export const SALUTATIONS = wordsIn("dear liebe lieber cher chère estimado estimada caro cara beste");
/** Words before a name in a chat, or any other sentence. */
export const GREETINGS = wordsIn("hi hello hey");

/** Words after a salutation that are nobody's name. */
export const NOT_PEOPLE = wordsIn(
  "customer customers sir madam team all colleague colleagues friend friends guest support hiring manager editor reader readers user users everyone there again world i we you damen herr frau client member members diary god santa mom mum dad",
);

/** Words in small letters inside of a name: `van den Berg`. */
export const PARTICLES = wordsIn(
  "de da do dos das del della di du van von der den ter ten la le el al bin ibn y e af av zu",
);

/** After one of these words, what looks like a person is a street, a firm or a place. */
export const OTHER_NAMES = wordsIn(
  "street road avenue lane boulevard drive square court airport station university college school hospital hotel museum library bank park lake river bridge mountain valley island beach bay garden gardens centre center theatre cathedral church institute foundation association society company corporation corp inc ltd llc gmbh ag sa plc group team united city county state airlines motors act award prize theorem law test method day house hall tower stadium arena cup league records press times post show project api sdk framework engine model server cloud code studio pro max plus",
);

/** What ends a text before a name that is certain, although it is not listed. */
export const CUES =
  /(?:\b(?:my name is|my name's|name is|i am called|name:|patient:|client:|customer:|signed:?|signed by|sincerely,|regards,|cheers,|yours,|account holder|cardholder|spoke (?:with|to))|\bc\/o)\s*$/i;
/** What ends a text before a place. */
export const PLACE_CUES =
  /\b(?:lives? in|living in|lived in|born in|moved? (?:to|from)|moving (?:to|from)|flew to|fly to|based in|resident of|from the (?:city|town|village) of)\s+$/i;
