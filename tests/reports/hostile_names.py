"""Two hundred names that try to leave the place where a report puts them."""

PIECES = [
    '"', "'", "`", "``` ", "|", "||", "\\", "\\|", "\\n", "]]>", "<![CDATA[", "-->", "<!--", "&amp;", "&#10;", "&lt",
    "%0A", "%0D%0A", "%25", "##[add-mask]x", "##[error]x", "##vso[task.setvariable]x", "::error::x", "::set-output name=a::b",
    " ::error::x", "::stop-commands::x", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</table>", "</pre>",
    "</details>", "javascript:alert(1)", "[a](http://a.example)", "![a](http://a.example/a.png)", "https://a.example/",
    "www.a.example", "@everyone", "#123", "a/b#1", ":smile:", "**b**", "_i_", "~~s~~", "# h", "- item", "1. item", "> quote", "$x$",
    "=cmd()", "+1+1", "-1+1", "@SUM(1)", "=HYPERLINK(\"http://a.example\")", "'=1", "''", "\t=1", ",", ";", "a,b", '"a","b"',
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x07", "\x08\x08\x08", "\x7f", "\x85", "\x9b31m", "\x01\x02",
    "\n", "\r", "\r\n", "a\nb", "a\n::error::b", "a\r\n##[error]b", "\u2028", "\u2029", "\t", " lead", "trail ", "  two  blanks  ",
    "\u202e\u0061\u202c", "\u2066a\u2069", "\u200f", "\ufeff", "\u200b", "\ufffe", "\uffff", "\ud7ff", "\ue000", "\U0001f600", "e\u0301" * 40,
    "\\0", "\\x00", "%00", "&#0;", "nul", "CON", "../../etc/passwd", "/dev/null", ".git/config", "--help", "-", "--", "$(id)", "`id`",
    "${{ github.token }}", "{name}", "%s%n%x", "{{x}}", "a=b", "a{b=\"c\"}", "} 1\n", '"} 1\n# EOF\n', "# EOF", "# HELP x y", "NaN", "+Inf",
    "1e400", "null", "true", "[]", "{}", "\u00e9", "\u4e2d\u6587", "\u0410\u0411", "\u05d0\u05d1", "\u0627\u0628",
]


def names():
    """200 different names, one of them of 10,000 bytes; none is empty."""
    made = list(dict.fromkeys(PIECES))
    for i, piece in enumerate(PIECES):
        if len(made) == 199:
            break
        made.append("parse/%s%d%s" % (piece, i, PIECES[-1 - i]))
    assert len(made) == 199, len(made)
    made.append("x" * 9996 + "|<&\n")
    assert len(set(made)) == 200
    return made
