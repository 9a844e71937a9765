#!/usr/bin/env python3
"""usage: catalogue.py CONSOLE_FOLDER

Holds po/vi.po against the texts that the console's sources mark (tr, forCatalogue, L): each has a translation, none
is left over or marked fuzzy, and none uses a letter that has no seven-bit counterpart.
"""
import pathlib
import re
import subprocess
import sys
import unicodedata

MARKS = ["--keyword=", "--keyword=tr", "--keyword=forCatalogue", "--keyword=L"]


def messages(text):
    """msgid -> msgstr of a .po or .pot."""
    unquote = lambda block: "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', block)).encode().decode("unicode_escape").encode("latin-1").decode()
    found = {}
    for entry in re.split(r"\n\s*\n", text):
        parts = re.search(r'msgid ((?:".*"\s*)+)msgstr ((?:".*"\s*)+)', entry + "\n")
        if parts:
            found[unquote(parts.group(1))] = unquote(parts.group(2))
    found.pop("", None)
    return found


def seven_bit(letter):
    plain = unicodedata.normalize("NFD", letter)[0]
    return letter in "đĐ" or ord(plain) < 128


def breaches(folder):
    sources = sorted(str(path) for pattern in ("*.cpp", "*.hpp") for path in folder.glob(pattern))
    template = subprocess.run(["xgettext", "--from-code=UTF-8", "-C", *MARKS, "--no-location", "-o", "-", *sources],
                              check=True, capture_output=True, text=True).stdout
    catalogue = (folder / "po/vi.po").read_text()
    if "#, fuzzy" in catalogue:
        yield "vi.po: an entry is fuzzy"
    wanted, have = set(messages(template)), messages(catalogue)
    for text in sorted(wanted - set(have)):
        yield f"vi.po has no translation of {text!r}"
    for text in sorted(set(have) - wanted):
        yield f"vi.po translates what nobody says: {text!r}"
    for text, translation in sorted(have.items()):
        if not translation:
            yield f"vi.po: the translation of {text!r} is empty"
        if bad := [letter for letter in translation if not seven_bit(letter)]:
            yield f"vi.po: {text!r} has letters without a seven-bit form: {bad}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = list(breaches(pathlib.Path(sys.argv[1])))
    for breach in found:
        print(breach)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
