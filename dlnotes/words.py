"""Every sentence a reader sees passes through `_`, so that another language's edition can follow.

A translation is a gettext catalogue `locale/<language>/LC_MESSAGES/dlnotes.mo` beside this file;
the language is the one the environment asks for (`LANGUAGE`, `LC_ALL`, `LC_MESSAGES`, `LANG`).
Values are put in afterwards, with `_("{n} points").format(n=n)`, because a sentence that is already
filled in has no translation.
"""

import gettext
from pathlib import Path

_ = gettext.translation("dlnotes", Path(__file__).parent / "locale", fallback=True).gettext
