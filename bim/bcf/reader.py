"""Reads a BCF 2.1 or 3.0 package. One bad topic does not spoil the others: it is named among the faults."""

from typing import IO

from bim.bcf import package
from bim.bcf.names import DOCUMENTS_FILE, EXTENSION_LISTS, EXTENSIONS_FILE, MARKUP, PROJECT_FILE, VERSION_FILE
from bim.bcf.records import VERSIONS, Extensions, Fault, Package, Project, Topic
from bim.bcf.refusal import BcfRefused
from bim.bcf.topic_reader import TopicReader
from bim.bcf.xml import child_text, parsed, texts

MOST_TOPICS = 10_000


def read(stream: IO[bytes], bounds: package.Bounds | None = None) -> Package:
    """The whole package. Raises BcfRefused where it is none, hostile, or of another version."""
    entries = package.opened(stream, bounds)
    version = _version(entries)
    folders = _topic_folders(entries)
    if len(folders) > MOST_TOPICS:
        raise BcfRefused("bcf.topics", most=MOST_TOPICS)
    faults: list[Fault] = []
    titles = _document_names(entries, faults) if version == "3.0" else {}
    topics: dict[str, Topic] = {}
    for folder in folders:
        try:
            topic = TopicReader(entries, version, folder, titles, faults).topic()
        except BcfRefused as refusal:
            faults.append(Fault(refusal.code, folder, refusal.facts))
            continue
        if topic.guid in topics:
            faults.append(Fault("topic.twice", folder))
            continue
        topics[topic.guid] = topic
    project, extensions = _about(entries, version, faults)
    return Package(version, tuple(topics.values()), project, extensions, tuple(faults))


def _version(entries: package.Entries) -> str:
    if VERSION_FILE not in entries:
        raise BcfRefused("bcf.no_version")
    said = parsed(entries.xml(VERSION_FILE), VERSION_FILE).get("VersionId", "").strip()
    if said not in VERSIONS:
        raise BcfRefused("bcf.version", version=said[:20], accepted=", ".join(VERSIONS))
    return said


def _topic_folders(entries: package.Entries) -> list[str]:
    """A topic is a folder of the root that holds a markup."""
    return [name.rpartition("/")[0] for name in entries.by_name if name.count("/") == 1 and name.endswith(f"/{MARKUP}")]


def _about(entries: package.Entries, version: str, faults: list[Fault]) -> tuple[Project | None, Extensions | None]:
    project, extensions = None, None
    try:
        if PROJECT_FILE in entries:
            said = parsed(entries.xml(PROJECT_FILE), PROJECT_FILE).find("Project")
            if said is not None:
                project = Project(said.get("ProjectId", "").strip(), child_text(said, "Name"))
        if version == "3.0" and EXTENSIONS_FILE in entries:
            root = parsed(entries.xml(EXTENSIONS_FILE), EXTENSIONS_FILE)
            extensions = Extensions(**{name: texts(root, path) for name, path in EXTENSION_LISTS.items()})
    except BcfRefused as refusal:
        faults.append(Fault(refusal.code, "", refusal.facts))
    return project, extensions


def _document_names(entries: package.Entries, faults: list[Fault]) -> dict[str, tuple[str, str]]:
    """Of 3.0's shared documents: guid → (file name, description)."""
    if DOCUMENTS_FILE not in entries:
        return {}
    try:
        root = parsed(entries.xml(DOCUMENTS_FILE), DOCUMENTS_FILE)
    except BcfRefused as refusal:
        faults.append(Fault(refusal.code, DOCUMENTS_FILE, refusal.facts))
        return {}
    found = root.findall("Documents/Document")
    return {
        row.get("Guid", "").strip().lower(): (child_text(row, "Filename"), child_text(row, "Description"))
        for row in found
    }
