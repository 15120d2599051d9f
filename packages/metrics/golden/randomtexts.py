"""Random pairs of a hypothesis and one to three references: English-like texts, and texts with difficult Unicode."""

WORDS = (
    "the a an of and in to is was were not no dog dogs cat cats man men fox foxes jumps jumped jumping quickly quick brown lazy over under "
    "generously generous running run runs agreed agreement relational conditional happy happily flies dies skies Price price U.S. e.g. "
    "3.14 1,000 10% $3.50 2-3 well-known don't isn't \"low\" (about) [sic] {x} a/b foo_bar x=y C++ #tag @name & &amp; &lt;b&gt; &quot; "
    "<skipped> ... -- - , . ; : ! ? ' 's dog's answer answers 42 0 007"
).split()

PIECES = [
    "e\u0301", "\u00e9", "n\u0303", "a\u0308\u0323", "\u0301", "\u200d", "\ufe0f", "\u200b", "\ufeff", "\u00ad",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea", "\U0001f44d\U0001f3fd", "\U0001f600", "\u2764\ufe0f",
    "\u4eca\u5929", "\u5929\u6c14", "\u3002", "\uff0c", "\uff01", "\uff21\uff11", "\u3042\u308a", "\u30ab\u30bf\u30ab\u30ca", "\u30fb",
    "\u31f0", "\u3231", "\u33a5", "\uf900", "\ufe30", "\U00020000", "\U0002f800", "\u2e80", "\u2ff0", "\u3007", "\uff61", "\u2a6d", "\u2f81",
    "\ud55c\uad6d\uc5b4", "\u0645\u0631\u062d\u0628\u0627", "\u064e", "\u060c", "\u061f", "\u05e9\u05dc\u05d5\u05dd", "\u202b", "\u202c",
    "\u0e2a\u0e27\u0e31", "\u0939\u093f\u0928", "\u0967\u0968", "\u0661\u0662", "\u00bd", "\u2167", "\u00b2",
    "\u0130", "\u0131", "\u00df", "\u1e9e", "\u212a", "\u03a3", "\u039f\u0394\u039f\u03a3", "\ufb01", "\u01c5", "\U0001d49c", "\U00010400",
    "\r\n", "\n", "\r", "\u0085", "\u2028", "\u00a0", "\u3000", "\t", "\x1c", "\x1f", "\x0b", " ", "  ", "\u2003",
    ".", ",", "-", "-\n", "\n-", "'s ", "\u2019", "\u201c", "\u201d", "\u2026", "\u2013", "\u20ac", "\u2248", "\u00b1", "\u00a7", "\u00bf",
    "a", "the", "an", "A", "3", "9.5", "7,", "x", "ing", "ed", "ies", "running", "\u00e9t\u00e9s", "\x00", "\x7f", "_", "~", "`",
]

SUFFIXES = (
    "s es ies sses ss ed eed ied ing at bl iz y ational tional enci anci izer bli alli entli eli ousli ization ation ator alism iveness "
    "fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance ence er ic able ible ant ement ment ent "
    "ion ou ism ate iti ous ive ize e ll l"
).split()


def make_pairs(draw, kind, count):
    return [_pair(draw, _english if kind == "random" else _unicode) for _ in range(count)]


def make_words(draw, count):
    """Words to stem: random stems with one to three suffixes, some with letters beyond ASCII and beyond the first Unicode plane."""
    letters = "aeiouybcdfghklmnprstvwxz"
    words = []
    for _ in range(count):
        alphabet = letters if draw.random() < 0.9 else letters[:8] + "\u00e9\u00df\u0130\u03a3\u4eca\U0001f600\U0001d49c'-"
        stem = "".join(draw.choice(alphabet) for _ in range(draw.randint(0, 6)))
        word = stem + "".join(draw.choice(SUFFIXES) for _ in range(draw.randint(0, 3)))
        words.append(word.upper() if draw.random() < 0.05 else word)
    return words


def _pair(draw, make):
    base = make(draw)
    references = [_changed(draw, base, make) for _ in range(draw.randint(1, 3))]
    hypothesis = _changed(draw, base, make) if draw.random() < 0.9 else make(draw)
    if draw.random() < 0.03:
        hypothesis = []
    if draw.random() < 0.03:
        references[0] = []
    joint = " " if make is _english else ""
    return {"hypothesis": joint.join(hypothesis), "references": [joint.join(reference) for reference in references]}


def _english(draw):
    length = draw.randint(1, 24) if draw.random() < 0.99 else draw.randint(60, 160)
    pieces = [draw.choice(WORDS) for _ in range(length)]
    return [piece + ("\n" if draw.random() < 0.06 else "") for piece in pieces]


def _unicode(draw):
    return [draw.choice(PIECES) + (" " if draw.random() < 0.3 else "") for _ in range(draw.randint(0, 30))]


def _changed(draw, pieces, make):
    """Drops, adds and replaces pieces, and moves runs of them."""
    changed = list(pieces)
    for _ in range(draw.randint(0, 1 + len(pieces) // 4)):
        at = draw.randint(0, len(changed))
        what = draw.random()
        if what < 0.25 and changed:
            del changed[min(at, len(changed) - 1)]
        elif what < 0.5:
            changed[at:at] = make(draw)[:1]
        elif what < 0.75 and changed:
            changed[min(at, len(changed) - 1)] = (make(draw) or [""])[0]
        else:
            run = changed[at : at + draw.randint(1, 6)]
            del changed[at : at + len(run)]
            target = draw.randint(0, len(changed))
            changed[target:target] = run
    return changed
