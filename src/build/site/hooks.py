"""Hooks of MkDocs that make a site of a repository whose files link to each other.

README.md is the first page. A file outside docs/ that a page links to becomes a page too, below repository/. A link to
the source of a public type leads to its Javadoc, which is copied to api/; in the design and the decisions, a link to a
source leads to the source.
"""

import json
import logging
import posixpath
import re
from pathlib import Path
from urllib.parse import urlsplit

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from mkdocs.structure.files import File
from mkdocs.structure.nav import Link
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[3]
JAVADOC = ROOT / "target/reports/apidocs"
SOURCES = "src/main/java/"
MODULE = "dev.scopedcontext"
IMAGES = (".png", ".svg")
LANGUAGES = {".java": "java", ".kt": "kotlin", ".xml": "xml", ".yml": "yaml", ".sh": "bash", ".py": "python"}

log = logging.getLogger("mkdocs.hooks.site")

# The path in the repository of each page, by its path in the site.
pages = {}


def on_config(config):
    config.mdx_configs.setdefault("toc", {})["slugify"] = anchor
    config.nav = expanded(config.nav)
    return config


def anchor(heading, separator):
    """The anchor of a heading, as GitHub has it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", separator)


def expanded(entry):
    """The navigation with the pages of a directory in place of directory/*."""
    if isinstance(entry, str) and entry.endswith("/*"):
        found = (ROOT / "docs").glob(f"{entry}.md")
        names = sorted(page.relative_to(ROOT / "docs").as_posix() for page in found)
        return sorted(names, key=lambda name: not name.endswith("README.md"))
    if isinstance(entry, dict):
        return {title: expanded(child) for title, child in entry.items()}
    return [expanded(child) for child in entry] if isinstance(entry, list) else entry


def on_files(files, config):
    pages.clear()
    pages.update({file.src_uri: f"docs/{file.src_uri}" for file in files.documentation_pages()})
    if not JAVADOC.is_dir():
        log.warning("There is no Javadoc in %s: the site will lack it", JAVADOC.relative_to(ROOT))
    for file in sorted(JAVADOC.rglob("*")):
        if file.is_file() and "META-INF" not in file.parts:
            add(JavadocFile, files, config, f"api/{file.relative_to(JAVADOC).as_posix()}", file)
    add_page(files, config, "index.md", "README.md")
    for path in paths_in(config.nav):
        if path.startswith("repository/"):
            add_page(files, config, path, path.removeprefix("repository/"))
    unread = list(pages.values())
    while unread:
        page = unread.pop()
        for path in linked_from(page, config):
            target = place(page, path, files)
            if not (ROOT / path).exists():
                log.warning("%s links to %s, which does not exist", page, path)
            elif target and target not in files:
                add_page(files, config, target, path)
                unread.append(path)
    config.markdown_extensions.append(LinkExtension(lambda link: relative(link, files)))
    return files


def paths_in(entry):
    if isinstance(entry, str):
        return [entry]
    return [path for child in (entry.values() if isinstance(entry, dict) else entry) for path in paths_in(child)]


def on_nav(nav, config, files):
    for file in files.documentation_pages():
        if file.page not in nav.pages and not file.src_uri.startswith("repository/"):
            log.warning("%s is not in the navigation", file.src_uri)
    nav.items.insert(1, Link("API", "api/index.html"))
    return nav


def on_page_read_source(page, config):
    path = pages[page.file.src_uri]
    if path.endswith(".md"):
        return None
    language = LANGUAGES.get(posixpath.splitext(path)[1], "text")
    return f"# {posixpath.basename(path)}\n\n`{path}`\n\n~~~~~~{language}\n{read(path)}\n~~~~~~\n"


def on_page_markdown(markdown, page, config, files):
    relative.page = page.file.src_uri


def on_post_build(config):
    # With --no-fonts, the style sheet of Javadoc still imports this one.
    fonts = Path(config.site_dir, "api/resource-files/fonts/dejavu.css")
    fonts.parent.mkdir(parents=True, exist_ok=True)
    fonts.touch()
    # Code is left out of the search.
    index = Path(config.site_dir, "search/search_index.json")
    content = json.loads(index.read_text(encoding="utf-8"))
    code = tuple(posixpath.splitext(page)[0] for page, path in pages.items() if not path.endswith(".md"))
    content["docs"] = [entry for entry in content["docs"] if not entry["location"].startswith(code)]
    index.write_text(json.dumps(content), encoding="utf-8")


class LinkExtension(Extension):
    """Replaces the target of each link and image, or makes it plain text if there is none."""

    def __init__(self, replace):
        super().__init__()
        self.replace = replace

    def extendMarkdown(self, md):
        processor = Treeprocessor(md)
        processor.run = self.run
        md.treeprocessors.register(processor, "links", 10)  # before MkDocs, which has 0

    def run(self, root):
        for element in root.iter():
            key = {"a": "href", "img": "src"}.get(element.tag)
            if key:
                target = self.replace(element.get(key))
                if target:
                    element.set(key, target)
                else:
                    element.tag = "span"
                    del element.attrib[key]


def linked_from(page, config):
    """The paths in the repository that a page links to."""
    found = []
    if page.endswith(".md"):
        extensions = [*config.markdown_extensions, LinkExtension(lambda link: found.append(link) or link)]
        Markdown(extensions=extensions, extension_configs=config.mdx_configs).convert(read(page))
    return [path for path in (resolved(page, link) for link in found) if path]


def relative(link, files):
    """The link that the current page of the site needs for a link of its source; none if the target has no page."""
    page = pages[relative.page]
    path = resolved(page, link)
    if not path:
        return link
    target = place(page, path, files)
    fragment = urlsplit(link).fragment
    suffix = f"#{fragment}" if fragment and target in pages and pages[target].endswith(".md") else ""
    return target and posixpath.relpath(target, posixpath.dirname(relative.page) or ".") + suffix


def resolved(page, link):
    """The path in the repository that a link of a page leads to; none for an address or an anchor of the same page."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), parts.path))


def place(page, path, files):
    """The path in the site of a file in the repository; none if it has none, as a directory without a README.md."""
    if (ROOT / path).is_dir():
        path = posixpath.normpath(posixpath.join(path, "README.md"))
    if not (ROOT / path).is_file():
        return None
    if path == "README.md":
        return "index.md"
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    if path.startswith(SOURCES) and not page.startswith(("docs/design", "docs/decisions")):
        name = path.removeprefix(SOURCES).removesuffix(".java").replace("package-info", "package-summary")
        if f"api/{MODULE}/{name}.html" in files:
            return f"api/{MODULE}/{name}.html"
    return f"repository/{path}" if path.endswith((".md", *IMAGES)) else f"repository/{path}.md"


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


class JavadocFile(File):
    """A file that is copied, even if its name ends in .md. In HTML, names of pages become links to them."""

    NAME_OF_PAGE = re.compile(r"<code>(docs/[\w/.-]+\.md)</code>")

    def is_documentation_page(self):
        return False

    def copy_file(self, dirty=False):
        super().copy_file(dirty)
        if self.dest_uri.endswith(".html"):
            copy = Path(self.abs_dest_path)
            copy.write_text(self.NAME_OF_PAGE.sub(self.link, copy.read_text(encoding="utf-8")), encoding="utf-8")

    def link(self, name):
        page = name[1].removeprefix("docs/")
        if page not in pages:
            return name[0]
        return f'<a href="{File(page, "", "", True).url_relative_to(self)}index.html">{name[0]}</a>'


def add_page(files, config, target, path):
    file = add(File, files, config, target, ROOT / path)
    if target.endswith(".md"):
        pages[target] = path
        Page(None, file, config)  # so that it need not be in the navigation


def add(kind, files, config, target, source):
    file = kind(target, config.docs_dir, config.site_dir, config.use_directory_urls)
    file.abs_src_path = str(source)
    files.append(file)
    return file
