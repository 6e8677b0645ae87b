#!/usr/bin/env python3
"""Writes src/Modules/Search/Application/Text/Folding.txt: what each character becomes before it is searched.

One line a character that does not stay as it is: its code point, a space, and what it becomes (nothing: it joins what is
around it). The rule, in this order:

1. Apostrophes, format characters and diacritical marks become nothing.
2. Decimal digits of all scripts become 0 to 9.
3. Everything else becomes its compatibility decomposition (NFKD) without diacritical marks, in small letters, and the letters
   that Unicode does not decompose what their readers take them for (LETTERS, and Latin letters by their names).

Syllables of Hangul and voiced kana stay whole: they are letters of their own.
"""
import pathlib
import re
import sys
import unicodedata

APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u055a\u05f3\u2018\u2019\u201a\u201b\u2032\u2035\uff07"
LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ĸ": "k", "ŋ": "n", "ŧ": "t", "ə": "e", "ɛ": "e", "ɔ": "o", "ĳ": "ij",
    "ς": "σ", "ґ": "г", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ـ": "",
}
# Marks that only accent or point a letter. Those of other scripts (vowels of Devanagari, Thai, …) are part of the word.
ACCENTS = [
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED), (0x0711, 0x0711), (0x0730, 0x074A),
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x302A, 0x302F), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0100, 0xE01EF),
]
LATIN = re.compile(r"LATIN SMALL LETTER ([A-Z]) WITH .*(STROKE|HOOK|TAIL|CURL|LOOP|TILDE|BELT|BAR)")
ZERO_WIDTH_SPACE = 0x200B
VOICING = "\u3099\u309a"


def is_accent(character):
    return unicodedata.category(character) in ("Mn", "Me") and any(first <= ord(character) <= last for first, last in ACCENTS)


def letter(character):
    small = character.lower()
    if small != character and len(small) == 1:
        return letter(small)
    if character in LETTERS:
        return LETTERS[character]
    named = LATIN.match(unicodedata.name(character, ""))
    return named.group(1).lower() if named else small


def fold(character):
    code = ord(character)
    if character in APOSTROPHES or is_accent(character) or (unicodedata.category(character) == "Cf" and code != ZERO_WIDTH_SPACE):
        return ""
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    decomposed = unicodedata.normalize("NFKD", character)
    if unicodedata.name(character, "").startswith("HANGUL SYLLABLE") or (len(decomposed) == 2 and decomposed[1] in VOICING and decomposed[0] != " "):
        return character
    return "".join("" if is_accent(part) or part in APOSTROPHES else letter(part) for part in decomposed)


def main():
    target = pathlib.Path(__file__).parent.parent / "src/Modules/Search/Application/Text/Folding.txt"
    lines = []
    for code in range(0x110000):
        if 0xD800 <= code <= 0xDFFF:
            continue
        character = chr(code)
        folded = fold(character)
        separates = folded != "" and folded.strip() == ""
        if folded != character and not separates:
            lines.append(f"{code:04X} {folded.strip()}".rstrip())
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"Unicode {unicodedata.unidata_version}: {len(lines)} characters", file=sys.stderr)


main()
