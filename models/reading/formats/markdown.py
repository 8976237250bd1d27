"""Markdown to its text: without marks, link targets and code; front matter is set aside, footnotes stay."""

import re
from html import escape

from models.reading.formats.html import layout_document
from models.values import Layout

_TITLE = re.compile(r"^title:[ \t]{1,20}(?P<quote>[\"']?)(?P<title>[^\n]{1,300}?)(?P=quote)[ \t]{0,20}$", re.MULTILINE)
# A footnote that is not defined in this file is no text either.
_UNDEFINED_NOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")


def layout_markdown(text: str) -> Layout:
    """The text of a Markdown file and its blocks; raises EmptyText where there is none."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin).use(front_matter_plugin)
    parser.add_render_rule("footnote_anchor", lambda *_: "")
    tokens = parser.parse(text)
    front = "\n".join(token.content for token in tokens if token.type == "front_matter")
    body = _UNDEFINED_NOTE.sub("", parser.renderer.render(tokens, parser.options, {}))
    layout = layout_document(f"<pre>{escape(front)}</pre>{body}", code=False)
    title = _TITLE.search(front)
    return Layout(layout.text, layout.blocks, title["title"].strip() if title else None)
