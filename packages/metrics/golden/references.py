"""The reference implementations of text metrics behind one interface: the score of a hypothesis and its references."""

import re
import string
from collections import Counter

from nltk.stem.porter import PorterStemmer
from nltk.translate.meteor_score import meteor_score
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.metrics.bleu import _get_tokenizer

#: Names of our options, with the metric that they configure.
CORPUS_METRICS = {
    "bleu": [
        ({"tokenizer": tokenizer, "smoothing": smoothing, "effectiveOrder": effective, "lowercase": lowercase})
        for tokenizer, smoothing, effective, lowercase in [
            ("13a", "exp", False, False),
            ("13a", "exp", True, True),
            ("13a", "floor", True, False),
            ("13a", "add-k", True, False),
            ("13a", "none", False, False),
            ("intl", "exp", True, True),
            ("char", "exp", True, False),
            ("none", "floor", False, False),
            ("zh", "add-k", False, False),
        ]
    ],
    "chrf": [
        {},
        {"wordOrder": 2},
        {"wordOrder": 1, "lowercase": True, "whitespace": True},
        {"epsSmoothing": True, "wordOrder": 2, "beta": 3},
        {"charOrder": 4, "beta": 1},
    ],
    "ter": [
        {},
        {"normalized": True},
        {"normalized": True, "asianSupport": True, "caseSensitive": True},
        {"noPunctuation": True},
        {"normalized": True, "noPunctuation": True, "asianSupport": True},
    ],
}


def corpus_metric(name, options):
    """sacrebleu's metric for our options."""
    if name == "bleu":
        return BLEU(
            tokenize=options["tokenizer"],
            smooth_method=options["smoothing"],
            effective_order=options["effectiveOrder"],
            lowercase=options["lowercase"],
            force=True,
        )
    if name == "chrf":
        return CHRF(
            char_order=options.get("charOrder", 6),
            word_order=options.get("wordOrder", 0),
            beta=options.get("beta", 2),
            lowercase=options.get("lowercase", False),
            whitespace=options.get("whitespace", False),
            eps_smoothing=options.get("epsSmoothing", False),
        )
    return TER(
        normalized=options.get("normalized", False),
        no_punct=options.get("noPunctuation", False),
        asian_support=options.get("asianSupport", False),
        case_sensitive=options.get("caseSensitive", False),
    )


def score_pairs(name, options, pairs):
    """The corpus's score and signature, and each item's statistics and score. Pairs have equally many references."""
    metric = corpus_metric(name, options)
    hypotheses = [pair["hypothesis"] for pair in pairs]
    streams = [list(stream) for stream in zip(*(pair["references"] for pair in pairs))]
    stats = metric._extract_corpus_statistics(hypotheses, streams)
    return {
        "score": metric._aggregate_and_compute(stats).score,
        "signature": str(metric.get_signature()),
        "stats": stats,
        "items": [metric._aggregate_and_compute([item]).score for item in stats],
    }


ROUGE_KINDS = ["rouge1", "rouge2", "rouge3", "rougeL", "rougeLsum"]


def score_rouge(pairs, stemmer):
    """For each kind, the precision, recall and F-measure of each pair."""
    scorer = RougeScorer(ROUGE_KINDS, use_stemmer=stemmer)
    scores = [scorer.score_multi(pair["references"], pair["hypothesis"]) for pair in pairs]
    return {kind: [list(score[kind]) for score in scores] for kind in ROUGE_KINDS}


class NoWordNet:
    """A WordNet without synonyms."""

    def synsets(self, _word):
        return []


def score_meteor(pairs):
    """NLTK's METEOR over the words of the tokenizer 13a."""
    tokenizer = _get_tokenizer("13a")()
    words = lambda text: tokenizer(text.rstrip()).split()
    return [
        meteor_score([words(reference) for reference in pair["references"]], words(pair["hypothesis"]), wordnet=NoWordNet())
        for pair in pairs
    ]


def tokens(name, texts):
    """The tokens that BLEU counts."""
    metric = BLEU(tokenize=name, force=True)
    return [metric._preprocess_segment(text).split() for text in texts]


def stems(words):
    stemmer = PorterStemmer()
    return [stemmer.stem(word) for word in words]


def normalize_answer(text):
    """The same as in SQuAD's evaluate-v1.1.py and evaluate-v2.0.py."""
    text = "".join(character for character in text.lower() if character not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text, flags=re.UNICODE).split())


def score_squad(pairs, version):
    """Exact match and F1 of each pair, as SQuAD's scripts compute them."""
    return [_squad_item(pair["hypothesis"], pair["references"], version) for pair in pairs]


def _squad_item(prediction, golds, version):
    if version == "2.0":
        golds = [gold for gold in golds if normalize_answer(gold)] or [""]
    return [
        max(int(normalize_answer(gold) == normalize_answer(prediction)) for gold in golds),
        max(_squad_f1(prediction, gold, version) for gold in golds),
    ]


def _squad_f1(prediction, gold, version):
    predicted, expected = normalize_answer(prediction).split(), normalize_answer(gold).split()
    if version == "2.0" and (not predicted or not expected):
        return int(predicted == expected)
    shared = sum((Counter(predicted) & Counter(expected)).values())
    if shared == 0:
        return 0
    precision, recall = shared / len(predicted), shared / len(expected)
    return 2 * precision * recall / (precision + recall)
