"""Hooks of MkDocs that make a site of a repository whose links lead from any file to any other.

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

from mkdocs.structure.files import File
from mkdocs.structure.nav import Link
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[3]
JAVADOC = ROOT / "target/reports/apidocs"
SOURCES = "src/main/java/"
MODULE = "dev.scopedcontext"
IMAGES = (".png", ".svg")
LANGUAGES = {".java": "java", ".kt": "kotlin", ".xml": "xml", ".yml": "yaml", ".sh": "bash", ".py": "python"}

FENCE = re.compile(r"^ *(```|~~~).*?^ *\1 *$", re.M | re.S)
CODE = r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"
LINK = r"\[(?P<text>(?:`[^`]*`|!\[[^\]]*\]\([^)]*\)|[^\[\]`])*)\]\((?P<target>[^)\s]+)(?P<title>\s+\"[^\"]*\")?\)"
DEFINITION = r"^(?P<label>\[[^\]]+\]: *)(?P<defined>\S+)"
LINKS = re.compile(f"{CODE}|{LINK}|{DEFINITION}", re.M | re.S)

NAME_OF_PAGE = re.compile(r"<code>(docs/[\w/.-]+\.md)</code>")

log = logging.getLogger("mkdocs.hooks.site")

# The path in the repository of each page, by its path in the site.
pages = {}


def on_config(config):
    config.mdx_configs.setdefault("toc", {})["slugify"] = slug
    config.nav = expanded(config.nav)
    return config


def expanded(entry):
    """The navigation with the pages of a directory in place of directory/*."""
    if isinstance(entry, str) and entry.endswith("/*"):
        pages = (ROOT / "docs").glob(f"{entry}.md")
        return [page.relative_to(ROOT / "docs").as_posix() for page in sorted(pages, key=index_first)]
    if isinstance(entry, dict):
        return {title: expanded(child) for title, child in entry.items()}
    return [expanded(child) for child in entry] if isinstance(entry, list) else entry


def index_first(page):
    return page.name != "README.md", page


def in_navigation(entry):
    if isinstance(entry, str):
        return [entry]
    return [path for child in (entry.values() if isinstance(entry, dict) else entry) for path in in_navigation(child)]


def slug(heading, separator):
    """The anchor of a heading, as GitHub has it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", separator)


def on_files(files, config):
    pages.clear()
    pages.update({file.src_uri: f"docs/{file.src_uri}" for file in files.documentation_pages()})
    if not JAVADOC.is_dir():
        log.warning("There is no Javadoc in %s: the site will lack it", JAVADOC.relative_to(ROOT))
    for file in sorted(JAVADOC.rglob("*")):
        if file.is_file() and "META-INF" not in file.parts:
            add(JavadocFile, files, config, f"api/{file.relative_to(JAVADOC).as_posix()}", file)
    if "index.md" not in files:
        add_page(files, config, "index.md", "README.md")
    for path in in_navigation(config.nav):
        if path.startswith("repository/"):
            add_page(files, config, path, path.removeprefix("repository/"))
    unread = list(pages.values())
    while unread:
        page = unread.pop()
        if page.endswith(".md"):
            for link in links(read(page)):
                path = resolve(page, link)
                target = path and in_site(page, path, files)
                if target and target not in files:
                    add_page(files, config, target, path)
                    unread.append(path)
    return files


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
    path = pages[page.file.src_uri]
    if not path.endswith(".md"):
        return markdown

    def rewrite(match):
        link = match["target"] or match["defined"]
        target = link and resolve(path, link)
        if not target:
            return match[0]
        found = in_site(path, target, files)
        if not found:
            return match["text"] if match["text"] is not None else ""
        relative = posixpath.relpath(found, posixpath.dirname(page.file.src_uri) or ".")
        fragment = urlsplit(link).fragment
        if fragment and found.endswith(".md") and target.endswith(".md"):
            relative += f"#{fragment}"
        if match["defined"]:
            return match["label"] + relative
        return f"[{match['text']}]({relative}{match['title'] or ''})"

    return outside_fences(markdown, lambda text: LINKS.sub(rewrite, text))


def on_post_build(config):
    # With --no-fonts, the style sheet of Javadoc still imports this one.
    fonts = Path(config.site_dir, "api/resource-files/fonts/dejavu.css")
    fonts.parent.mkdir(parents=True, exist_ok=True)
    fonts.touch()
    # Code is left out of the search.
    index = Path(config.site_dir, "search/search_index.json")
    content = json.loads(index.read_text(encoding="utf-8"))
    code = tuple(posixpath.splitext(page)[0] for page, path in pages.items() if not path.endswith(".md"))
    content["docs"] = [entry for entry in content["docs"] if not code or not entry["location"].startswith(code)]
    index.write_text(json.dumps(content), encoding="utf-8")


def links(markdown):
    found = []

    def collect(match):
        found.extend(link for link in (match["target"], match["defined"]) if link)
        if match["text"]:
            found.extend(links(match["text"]))
        return match[0]

    outside_fences(markdown, lambda text: LINKS.sub(collect, text))
    return found


def outside_fences(markdown, change):
    parts, end = [], 0
    for fence in FENCE.finditer(markdown):
        parts += [change(markdown[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join(parts + [change(markdown[end:])])


def resolve(page, link):
    """The path in the repository that a link of a page leads to; none for an address or an anchor of the same page."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), parts.path))


def in_site(page, path, files):
    """The path in the site of a path in the repository; none for a directory without a README.md."""
    if (ROOT / path).is_dir():
        readme = posixpath.normpath(posixpath.join(path, "README.md"))
        return in_site(page, readme, files) if (ROOT / readme).is_file() else None
    if not (ROOT / path).is_file():
        log.warning("%s links to %s, which does not exist", page, path)
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


class JavadocFile(File):
    """A file that is copied, even if its name ends in .md. In HTML, names of pages become links to them."""

    def is_documentation_page(self):
        return False

    def copy_file(self, dirty=False):
        super().copy_file(dirty)
        if self.dest_uri.endswith(".html"):
            copy = Path(self.abs_dest_path)
            copy.write_text(NAME_OF_PAGE.sub(self.link, copy.read_text(encoding="utf-8")), encoding="utf-8")

    def link(self, name):
        target = next((File(page, "", "", True) for page in pages if pages[page] == name[1]), None)
        return f'<a href="{target.url_relative_to(self)}index.html">{name[0]}</a>' if target else name[0]


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


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
