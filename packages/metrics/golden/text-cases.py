"""Golden values of the text metrics."""

from nltk.metrics import edit_distance

import references as reference

SOURCE = "sacrebleu 2.6.0, rouge-score 0.1.2, nltk 3.10.4, SQuAD's evaluate-v1.1.py and evaluate-v2.0.py"

PAIRS = [
    ("The dog bit the man.", ["The dog bit the man.", "The dog had bit the man."]),
    ("It wasn't surprising.", ["It was not unexpected.", "No one was surprised."]),
    ("The man had just bitten him.", ["The man bit him first.", "The man had bitten the dog."]),
    (
        'Price: $3,50-4.00 (\u224810%) isn\'t "low".',
        ["The price, $3.50-4.00 (about 10%), is not low.", 'Price: $3.50-$4.00 (10%) isn\'t "low".'],
    ),
    ("", ["a b c d", ""]),
    ("a b c d", ["", "d c b a"]),
    ("a", ["a", "an a"]),
    ("yesterday the cat sat quietly on the mat", ["the cat sat on the mat yesterday", "the cat quietly sat there"]),
    (
        "A quick brown fox jumps over lazy dogs!\nDidn't they run?  The dogs were generous.",
        [
            "The quick brown foxes jumped over the lazy dogs.\nThey were running generously, didn't they?",
            "Lazy dogs\r\nwere jumped over by a fox.",
        ],
    ),
    ("\u4eca\u5929\u5929\u6c14\u5f88\u597d\uff0c3.5\u5ea6\u3002", ["\u4eca\u5929\u5929\u6c14\u771f\u597d\uff0c3,5\u5ea6\u3002", "\u5929\u6c14\u5f88\u597d"]),
    ("cafe\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467 ok\u0085then", ["caf\u00e9 \U0001f468\u200d\U0001f469\u200d\U0001f466 ok then", "\u202bcafe\u202c"]),
    ("\u0645\u0631\u062d\u0628\u0627\u060c \u0643\u064a\u0641 \u062d\u0627\u0644\u0643\u061f", ["\u0645\u0631\u062d\u0628\u0627 \u0643\u064a\u0641 \u0627\u0644\u062d\u0627\u0644\u061f", "\u05e9\u05dc\u05d5\u05dd"]),
    ("The   ANSWER, of course, is\t42!", ["answer is 42", "Forty-two"]),
]

WORDS = (
    "flies dies skies died agreed generously sensational colonizer happy news caresses ponies ties caress cats feed plastered bled "
    "motoring sing conflated troubled sized hopping tanned falling hissing fizzed failing filing sky enjoy relational conditional rational "
    "valenci hesitanci digitizer conformabli radicalli differentli vileli analogousli vietnamization predication operator feudalism "
    "decisiveness hopefulness callousness formaliti sensitiviti sensibiliti triplicate formative formalize electriciti electrical hopeful "
    "goodness revival allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment dependent adoption "
    "homologou communism activate angulariti homologous effective bowdlerize probate rate cease controll roll geologi theologi fulli "
    "carefulli yyy syzygy toy by ow \u00e9t\u00e9s na\u00efvely \U0001d49c\U0001d49cing stra\u00dfes"
).split()

EDITS = [
    ("kitten", "sitting"),
    ("", "abc"),
    ("a\U0001f600b", "ab"),
    ("cafe\u0301", "caf\u00e9"),
    ("intention" * 12, "execution" * 11),
    ("\u4eca\u5929\u5929\u6c14", "\u5929\u6c14\u4eca\u5929"),
]


def make():
    pairs = [{"hypothesis": hypothesis, "references": references} for hypothesis, references in PAIRS]
    texts = [text for hypothesis, references in PAIRS for text in [hypothesis, *references]]
    texts.append("Hello, world! 1,000.50 -5 3-4 a-b &amp; &lt;x&gt; U.S. don't <skipped> line-\nbreak")
    return {
        "source": SOURCE,
        "pairs": pairs,
        "metrics": [
            {"metric": metric, "options": options, **reference.score_pairs(metric, options, pairs)}
            for metric, choices in reference.CORPUS_METRICS.items()
            for options in choices
        ],
        "tokens": [
            {"tokenizer": name, "texts": texts, "tokens": reference.tokens(name, texts)}
            for name in ["13a", "intl", "char", "none", "zh"]
        ],
        "rouge": [{"stemmer": stemmer, "scores": reference.score_rouge(pairs, stemmer)} for stemmer in [False, True]],
        "meteor": reference.score_meteor(pairs),
        "squad": {version: reference.score_squad(pairs, version) for version in ["1.1", "2.0"]},
        "stems": [[word, stem] for word, stem in zip(WORDS, reference.stems(WORDS))],
        "edits": [[a, b, edit_distance(a, b)] for a, b in EDITS],
    }
