"""Writes BCF 2.1 and 3.0 packages that follow the published schemas, element by element in their order."""

import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from bim.bcf.names import DOCUMENTS_FILE, EXTENSION_LISTS, EXTENSIONS_FILE, PROJECT_FILE, VERSION_FILE
from bim.bcf.records import VERSIONS, Extensions, Project, Topic
from bim.bcf.text import collapsed
from bim.bcf.topic_writer import FALLBACK_STATUS, FALLBACK_TYPE, TopicWriter
from bim.bcf.xml import optional, written

PACKED_ON = (1980, 1, 1, 0, 0, 0)  # so that the same topics give the same bytes


def write(
    topics: Sequence[Topic], version: str, project: Project | None = None, extensions: Extensions | None = None
) -> bytes:
    """The bytes of a .bcf file (2.1: also known as .bcfzip). Raises ValueError for another version."""
    if version not in VERSIONS:
        raise ValueError(version)
    files: dict[str, bytes] = {VERSION_FILE: written(_version(version))}
    if project is not None:
        files[PROJECT_FILE] = written(_project(project, version))
    if version == "3.0":
        files[EXTENSIONS_FILE] = written(_extensions(topics, extensions or Extensions()))
    documents: dict[str, str] = {}
    for topic in topics:
        TopicWriter(topic, version, files, documents).write()
    if documents:
        files[DOCUMENTS_FILE] = written(_document_list(documents))
    return _packed(files)


def _packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, PACKED_ON)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def _version(version: str) -> ET.Element:
    root = ET.Element("Version", VersionId=version)
    if version == "2.1":
        ET.SubElement(root, "DetailedVersion").text = version
    return root


def _project(project: Project, version: str) -> ET.Element:
    root = ET.Element("ProjectInfo" if version == "3.0" else "ProjectExtension")
    element = ET.SubElement(root, "Project", ProjectId=collapsed(project.guid) or "-")
    optional(element, "Name", project.name)
    if version == "2.1":
        ET.SubElement(root, "ExtensionSchema")
    return root


def _extensions(topics: Iterable[Topic], said: Extensions) -> ET.Element:
    """What the package allowed, and every value its topics use."""
    rows = list(topics)
    used = {
        "types": [topic.topic_type or FALLBACK_TYPE for topic in rows],
        "statuses": [topic.topic_status or FALLBACK_STATUS for topic in rows],
        "priorities": [topic.priority for topic in rows],
        "labels": [label for topic in rows for label in topic.labels],
        "users": [name for topic in rows for name in (topic.author, topic.assigned_to)],
        "snippet_types": [topic.snippet.kind for topic in rows if topic.snippet],
        "stages": [topic.stage for topic in rows],
    }
    root = ET.Element("Extensions")
    for name, path in EXTENSION_LISTS.items():
        values = dict.fromkeys(text for value in (*getattr(said, name), *used[name]) if (text := collapsed(value)))
        outer, inner = path.split("/")
        if values:
            listed = ET.SubElement(root, outer)
            for value in values:
                ET.SubElement(listed, inner).text = value
    return root


def _document_list(documents: Mapping[str, str]) -> ET.Element:
    root = ET.Element("DocumentInfo")
    listed = ET.SubElement(root, "Documents")
    for guid, name in documents.items():
        document = ET.SubElement(listed, "Document", Guid=guid)
        ET.SubElement(document, "Filename").text = collapsed(name) or guid
    return root
