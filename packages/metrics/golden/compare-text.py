"""Compares the text metrics of packages/metrics with their references on random texts and on texts full of Unicode.

    .venv/bin/python packages/metrics/golden/compare-text.py [--pairs 1000] [--seed 7] [--node node_modules/.bin/node]

Statistics, tokens, stems and signatures must be equal, scores equal to 12 digits. It prints a line for each comparison, and
exits with 1 if there is a difference other than the two in the guide: ROUGE of references without an ASCII letter or digit, and
METEOR of references without a word, are undefined here and 0 there.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

from nltk.metrics import edit_distance

FOLDER = pathlib.Path(__file__).parent
sys.path.insert(0, str(FOLDER))
import references as reference  # noqa: E402
from randomtexts import make_pairs, make_words  # noqa: E402

TOLERANCE = 1e-12


class Report:
    def __init__(self):
        self.failed = 0

    def compare(self, name, expected, actual, where):
        """Prints how many of the values differ, and the first that differs."""
        differing = [at for at, (a, b) in enumerate(zip(expected, actual, strict=True)) if not is_same(a, b)]
        self.failed += len(differing)
        print(f"{name}: {len(differing)} of {len(expected)} differ", flush=True)
        for at in differing[:2]:
            print(f"  {where(at)!r}\n  expected {expected[at]!r}\n  found    {actual[at]!r}")


def is_same(expected, actual):
    if isinstance(expected, (list, tuple)):
        return (
            isinstance(actual, list)
            and len(expected) == len(actual)
            and all(is_same(a, b) for a, b in zip(expected, actual))
        )
    if isinstance(expected, (int, float)) and isinstance(actual, (int, float)):
        return abs(expected - actual) <= TOLERANCE * max(abs(expected), abs(actual))
    return expected == actual


def ask(node, question):
    """The results of packages/metrics."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answer_file = pathlib.Path(folder, "question.json"), pathlib.Path(folder, "answer.json")
        asked.write_text(json.dumps(question), encoding="utf-8")
        subprocess.run([node, str(FOLDER / "compare-text.ts"), str(asked), str(answer_file)], check=True)
        return json.loads(answer_file.read_text(encoding="utf-8"))


def compare_pairs(report, kind, pairs, answer):
    """`answer` contains the same lists as here, under the same names."""
    where = lambda at: pairs[at]
    for found in answer["metrics"]:
        for count, same in by_references(pairs).items():
            expected = reference.score_pairs(found["metric"], found["options"], [pairs[at] for at in same])
            name = f"{kind} {found['metric']} {expected['signature']}"
            local = lambda at: pairs[same[at]]
            report.compare(f"{name} statistics", expected["stats"], [found["stats"][at] for at in same], local)
            report.compare(f"{name} scores", expected["items"], [found["items"][at] for at in same], local)
            corpus = found["corpora"][str(count)]
            report.compare(f"{name} corpus", [expected["score"]], [corpus["score"]], lambda _: "the corpus")
            report.compare(f"{name} signature", [expected["signature"]], [corpus["signature"]], lambda _: "the corpus")
    for found in answer["rouge"]:
        expected = reference.score_rouge(pairs, found["stemmer"])
        for rouge, scores in found["scores"].items():
            zeros = [score or [0, 0, 0] for score in scores]
            report.compare(f"{kind} {rouge} stem:{found['stemmer']}", expected[rouge], zeros, where)
    undefined = [at for at, score in enumerate(answer["rouge"][0]["scores"]["rouge1"]) if score is None]
    unread = [at for at, pair in enumerate(pairs) if not any(is_read(text) for text in pair["references"])]
    report.compare(f"{kind} rouge undefined", [unread], [undefined], lambda _: "which pairs")
    report.compare(f"{kind} meteor", reference.score_meteor(pairs), [score or 0 for score in answer["meteor"]], where)
    for version, scores in answer["squad"].items():
        report.compare(f"{kind} squad {version}", reference.score_squad(pairs, version), scores, where)
    distances = [edit_distance(pair["hypothesis"], pair["references"][0]) for pair in pairs]
    report.compare(f"{kind} edit distance", distances, answer["edits"], where)
    texts = [text for pair in pairs for text in [pair["hypothesis"], *pair["references"]]]
    for name, tokens in answer["tokens"].items():
        report.compare(f"{kind} tokens {name}", reference.tokens(name, texts), tokens, lambda at: texts[at])


def by_references(pairs):
    """The positions of pairs by their number of references, because sacrebleu takes streams of equal length."""
    groups = {}
    for at, pair in enumerate(pairs):
        groups.setdefault(len(pair["references"]), []).append(at)
    return groups


def is_read(text):
    return any("a" <= character <= "z" or "0" <= character <= "9" for character in text.lower())


def compare_characters(report, answer):
    """The case and the white space of every character that this Python's Unicode knows."""
    points = [point for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    assigned = [point for point in points if unicodedata.category(chr(point)) != "Cn"]
    expected = [[ord(c) for c in chr(point).lower()] for point in assigned]
    lower = dict(answer["lower"])
    report.compare("lower case of every character", expected, [lower.get(point, [point]) for point in assigned], lambda at: hex(assigned[at]))
    spaces = [point for point in points if chr(point).isspace()]
    report.compare("white space", [spaces], [answer["spaces"]], lambda _: "which characters")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--node", default="node_modules/.bin/node")
    settings = parser.parse_args()
    draw = random.Random(settings.seed)
    sets = {kind: make_pairs(draw, kind, settings.pairs) for kind in ["random", "unicode"]}
    words = make_words(draw, 20 * settings.pairs)
    answer = ask(settings.node, {"sets": sets, "words": words, "metrics": reference.CORPUS_METRICS, "rouge": reference.ROUGE_KINDS})
    report = Report()
    for kind, pairs in sets.items():
        compare_pairs(report, kind, pairs, answer["sets"][kind])
    report.compare("porter stems", reference.stems(words), answer["stems"], lambda at: words[at])
    compare_characters(report, answer)
    print(f"{report.failed} differences that are not stated")
    sys.exit(1 if report.failed else 0)


if __name__ == "__main__":
    main()
