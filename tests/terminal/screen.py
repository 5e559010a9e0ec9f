"""A small terminal: what perfwarden may send to one, and what stands on it afterwards.

It keeps all rows, those that scrolled off included, and refuses every sequence that is not known here: a program that only
moves within its own lines has no use for others.
"""

import re
import unicodedata

SEQUENCE = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")


def width_of(character):
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Screen:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.lines = [[]]  # cells; the last `rows` of them are on the screen
        self.soft = [False]  # whether a line goes on in the next one
        self.at = 0
        self.column = 0
        self.pending = ""
        self.highest = None  # the first line that the cursor was moved up to
        self.erased = 0

    def top(self):
        return max(0, len(self.lines) - self.rows)

    def line_feed(self):
        self.at += 1
        if self.at == len(self.lines):
            self.lines.append([])
            self.soft.append(False)

    def put(self, character):
        width = width_of(character)
        if width == 0:
            if self.column > 0:
                self.lines[self.at][self.column - 1] += character
            return
        if self.column + width > self.columns:
            self.soft[self.at] = True
            self.line_feed()
            self.column = 0
        line = self.lines[self.at]
        line.extend([" "] * (self.column + width - len(line)))
        line[self.column] = character
        for i in range(1, width):
            line[self.column + i] = ""
        self.column += width

    def control(self, numbers, letter):
        if letter == "m":
            return
        if letter == "A":
            self.at = max(self.top(), self.at - int(numbers or 1))
            self.highest = self.at if self.highest is None else min(self.highest, self.at)
        elif letter == "K" and numbers in ("", "0"):
            del self.lines[self.at][self.column:]
            self.soft[self.at] = False
        elif letter == "J" and numbers in ("", "0"):
            del self.lines[self.at][self.column:]
            for i in range(self.at + 1, len(self.lines)):
                self.lines[i] = []
                self.soft[i] = False
            self.erased += 1
        else:
            raise ValueError("a sequence that nobody needs: CSI %s %s" % (numbers, letter))

    def feed(self, text):
        text, self.pending = self.pending + text, ""
        i = 0
        while i < len(text):
            character = text[i]
            if character == "\x1b":
                found = SEQUENCE.match(text, i)
                if found is None:
                    if len(text) - i > 16:
                        raise ValueError("not a sequence: %r" % text[i:i + 16])
                    self.pending = text[i:]
                    return
                self.control(found.group(1), found.group(2))
                i = found.end()
                continue
            if character == "\r":
                self.column = 0
            elif character == "\n":
                self.line_feed()
            elif unicodedata.category(character) == "Cc":
                raise ValueError("a control character: %r" % character)
            else:
                self.put(character)
            i += 1

    def resize(self, columns, rows):
        """Wrap the lines anew, as today's terminals do. The cursor must stand at the start of an empty last line."""
        if any(self.lines[self.at:]) or self.column != 0:
            raise ValueError("the cursor does not rest below the lines")
        whole, current = [], []
        for cells, is_soft in zip(self.lines[:self.at], self.soft[:self.at]):
            current += cells
            if not is_soft:
                whole.append(current)
                current = []
        self.columns, self.rows = columns, rows
        self.lines, self.soft, self.at, self.column = [[]], [False], 0, 0
        for cells in whole:
            for cell in "".join(cells).rstrip():
                self.put(cell)
            self.line_feed()
            self.column = 0

    def text(self):
        lines = ["".join(cells).rstrip() for cells in self.lines]
        while lines and lines[-1] == "":
            lines.pop()
        return lines
