"""Writes BCF 2.1 and 3.0 packages that follow the published schemas, element by element in their order."""

import io
import uuid
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bim.bcf.package import resolved
from bim.bcf.reader import (
    DOCUMENTS_FILE,
    DOCUMENTS_FOLDER,
    EXTENSION_LISTS,
    EXTENSIONS_FILE,
    MARKUP,
    PROJECT_FILE,
    VERSION_FILE,
)
from bim.bcf.records import VERSIONS, Comment, DocumentReference, Extensions, HeaderFile, Project, Topic, Viewpoint
from bim.bcf.text import clean, collapsed, is_ifc_guid, said_moment
from bim.bcf.viewpoint_xml import view_element

# What 3.0 demands and a topic may lack.
FALLBACK_TYPE, FALLBACK_STATUS, FALLBACK_AUTHOR, FALLBACK_TITLE = "Issue", "Open", "Unknown", "-"
PACKED_ON = (1980, 1, 1, 0, 0, 0)  # so that the same topics give the same bytes
NAMESPACE = uuid.UUID("8f1c8a26-7d0e-4d2e-9a75-0d3f3d0c52a4")  # of the guids made up where a file had none


def write(
    topics: Sequence[Topic], version: str, project: Project | None = None, extensions: Extensions | None = None
) -> bytes:
    """The bytes of a .bcf file (2.1: also known as .bcfzip). Raises ValueError for another version."""
    if version not in VERSIONS:
        raise ValueError(version)
    files: dict[str, bytes] = {VERSION_FILE: _xml(_version(version))}
    if project is not None:
        files[PROJECT_FILE] = _xml(_project(project, version))
    if version == "3.0":
        files[EXTENSIONS_FILE] = _xml(_extensions(topics, extensions or Extensions()))
    documents: dict[str, str] = {}
    for topic in topics:
        _TopicWriter(topic, version, files, documents).write()
    if documents:
        files[DOCUMENTS_FILE] = _xml(_document_list(documents))
    return _packed(files)


def _packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, PACKED_ON)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _version(version: str) -> ET.Element:
    root = ET.Element("Version", VersionId=version)
    if version == "2.1":
        ET.SubElement(root, "DetailedVersion").text = version
    return root


def _project(project: Project, version: str) -> ET.Element:
    root = ET.Element("ProjectInfo" if version == "3.0" else "ProjectExtension")
    element = ET.SubElement(root, "Project", ProjectId=collapsed(project.guid) or "-")
    _optional(element, "Name", project.name)
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


def _optional(parent: ET.Element, tag: str, text: str | None) -> None:
    if text and collapsed(text):
        ET.SubElement(parent, tag).text = clean(text)


def _when(parent: ET.Element, tag: str, moment: datetime | None) -> None:
    if moment is not None:
        ET.SubElement(parent, tag).text = said_moment(moment)


class _TopicWriter:
    """One topic's folder."""

    def __init__(self, topic: Topic, version: str, files: dict[str, bytes], documents: dict[str, str]) -> None:
        self.topic, self.is_new, self.version = topic, version == "3.0", version
        self.files, self.documents = files, documents
        self.folder = topic.guid.lower()
        self.moved: dict[str, str] = {}
        self.left_out: set[str] = set()
        self.markup = ET.Element("Markup")

    def write(self) -> None:
        self._files_first()
        self._header()
        topic = ET.SubElement(self.markup, "Topic", self._attributes())
        self._about(topic)
        self._snippet(topic)
        self._documents(topic)
        self._related(topic)
        viewpoints = [self._named(viewpoint, at) for at, viewpoint in enumerate(self.topic.viewpoints)]
        comments = self.topic.comments
        if self.is_new:
            if comments:
                listed = ET.SubElement(topic, "Comments")
                for comment in comments:
                    self._comment(listed, comment)
            if viewpoints:
                listed = ET.SubElement(topic, "Viewpoints")
                for viewpoint in viewpoints:
                    self._viewpoint(listed, "ViewPoint", viewpoint)
        else:
            for comment in comments:
                self._comment(self.markup, comment)
            for viewpoint in viewpoints:
                self._viewpoint(self.markup, "Viewpoints", viewpoint)
        self.files[f"{self.folder}/{MARKUP}"] = _xml(self.markup)

    def _files_first(self) -> None:
        """Further files keep their places; where two topics mean different files by one name, this one's moves.

        A document that 3.0 shares is written once under its guid, and by 2.1 into the topic's folder under its name.
        """
        shared = {row.path: row for row in self.topic.documents if row.path in self.topic.files}
        for reference, content in self.topic.files.items():
            if reference in shared:
                continue
            path = resolved(self.folder, reference)
            if path is None or path == f"{self.folder}/{MARKUP}":
                path = f"{self.folder}/{uuid.uuid5(NAMESPACE, reference)}"
            if self.files.get(path, content) != content:
                path = f"{self.folder}/{uuid.uuid5(NAMESPACE, reference)}-{path.split('/')[-1]}"
            self._place(reference, path, content)

    def _place(self, reference: str, path: str, content: bytes) -> None:
        self.files[path] = content
        inside = path.startswith(f"{self.folder}/")
        now = path.removeprefix(f"{self.folder}/") if inside else f"../{path}"
        if resolved(self.folder, reference) != path:
            self.moved[reference] = now

    def _where(self, reference: str) -> str:
        return self.moved.get(reference.replace("\\", "/"), reference)

    def _attributes(self) -> dict[str, str]:
        topic, said = self.topic, {"Guid": self.folder}
        if self.is_new and collapsed(topic.server_assigned_id):
            said["ServerAssignedId"] = collapsed(topic.server_assigned_id)
        kind, status = collapsed(topic.topic_type), collapsed(topic.topic_status)
        if self.is_new:
            kind, status = kind or FALLBACK_TYPE, status or FALLBACK_STATUS
        return said | {name: value for name, value in (("TopicType", kind), ("TopicStatus", status)) if value}

    def _header(self) -> None:
        if not self.topic.header:
            return
        header = ET.SubElement(self.markup, "Header")
        listed = ET.SubElement(header, "Files") if self.is_new else header
        for row in self.topic.header:
            self._header_file(listed, row)

    def _header_file(self, listed: ET.Element, row: HeaderFile) -> None:
        said = {"IsExternal" if self.is_new else "isExternal": "true" if row.is_external else "false"}
        named = (("IfcProject", row.ifc_project), ("IfcSpatialStructureElement", row.spatial_element))
        said |= {name: value for name, value in named if is_ifc_guid(value)}
        element = ET.SubElement(listed, "File", said)
        _optional(element, "Filename", row.name)
        _when(element, "Date", row.date)
        _optional(element, "Reference", row.reference if row.is_external else self._where(row.reference))

    def _about(self, element: ET.Element) -> None:
        topic = self.topic
        self._listed(element, "ReferenceLinks", "ReferenceLink", topic.reference_links)
        ET.SubElement(element, "Title").text = clean(topic.title) if collapsed(topic.title) else FALLBACK_TITLE
        _optional(element, "Priority", topic.priority)
        if topic.index is not None:
            ET.SubElement(element, "Index").text = str(topic.index)
        self._listed(element, "Labels", "Label" if self.is_new else "Labels", topic.labels)
        _when(element, "CreationDate", topic.created_at)
        self._author(element, "CreationAuthor", topic.author)
        _when(element, "ModifiedDate", topic.modified_at)
        _optional(element, "ModifiedAuthor", topic.modified_author)
        _when(element, "DueDate", topic.due_at)
        _optional(element, "AssignedTo", topic.assigned_to)
        _optional(element, "Stage", topic.stage)
        _optional(element, "Description", topic.description)

    def _listed(self, parent: ET.Element, outer: str, inner: str, values: Iterable[str]) -> None:
        rows = [value for value in values if collapsed(value)]
        listed = ET.SubElement(parent, outer) if rows and self.is_new else parent
        for value in rows:
            ET.SubElement(listed, inner).text = clean(value)

    def _author(self, parent: ET.Element, tag: str, name: str) -> None:
        ET.SubElement(parent, tag).text = clean(name) if collapsed(name) else FALLBACK_AUTHOR

    def _snippet(self, topic: ET.Element) -> None:
        snippet = self.topic.snippet
        if snippet is None:
            return
        said = {
            "SnippetType": collapsed(snippet.kind) or "-",
            "IsExternal" if self.is_new else "isExternal": "true" if snippet.is_external else "false",
        }
        element = ET.SubElement(topic, "BimSnippet", said)
        ET.SubElement(element, "Reference").text = clean(self._where(snippet.reference)) or "-"
        ET.SubElement(element, "ReferenceSchema").text = clean(snippet.schema) or "-"

    def _documents(self, topic: ET.Element) -> None:
        rows = self.topic.documents
        listed = ET.SubElement(topic, "DocumentReferences") if rows and self.is_new else topic
        for at, row in enumerate(rows):
            element = ET.SubElement(listed, "DocumentReference")
            guid = _guid(row.guid) or str(uuid.uuid5(NAMESPACE, f"{self.folder}/document/{at}"))
            if self.is_new:
                element.set("Guid", guid)
                self._document_3(element, row)
            else:
                if row.guid:
                    element.set("Guid", guid)
                self._document_2(element, row)
            _optional(element, "Description", row.description)

    def _document_2(self, element: ET.Element, row: DocumentReference) -> None:
        element.set("isExternal", "true" if row.url else "false")
        content = self.topic.files.get(row.path)
        if content is None:
            _optional(element, "ReferencedDocument", row.url or row.path or row.name)
            return
        reference = (row.name or row.document_guid) if row.document_guid else row.path
        path = resolved(self.folder, reference)
        if path is None or path.endswith(f"/{MARKUP}") or self.files.get(path, content) != content:
            path = f"{self.folder}/{uuid.uuid5(NAMESPACE, row.path)}-{(row.name or 'document').split('/')[-1]}"
        self._place(reference, path, content)
        ET.SubElement(element, "ReferencedDocument").text = clean(self._where(reference))

    def _document_3(self, element: ET.Element, row: DocumentReference) -> None:
        content = self.topic.files.get(row.path)
        if content is None:
            address = row.url or ("" if row.document_guid else row.path)
            if address:
                _optional(element, "Url", address)
            elif _guid(row.document_guid):
                ET.SubElement(element, "DocumentGuid").text = _guid(row.document_guid)
            return
        guid = _guid(row.document_guid) or str(uuid.uuid5(NAMESPACE, f"{self.folder}/{row.path}"))
        self.files[f"{DOCUMENTS_FOLDER}{guid}"] = content
        self.documents[guid] = row.name or guid
        ET.SubElement(element, "DocumentGuid").text = guid

    def _related(self, topic: ET.Element) -> None:
        rows = [guid for value in self.topic.related if (guid := _guid(value))]
        listed = ET.SubElement(topic, "RelatedTopics") if rows and self.is_new else topic
        for guid in rows:
            ET.SubElement(listed, "RelatedTopic", Guid=guid)

    def _comment(self, parent: ET.Element, comment: Comment) -> None:
        element = ET.SubElement(parent, "Comment", Guid=comment.guid.lower())
        _when(element, "Date", comment.created_at)
        self._author(element, "Author", comment.author)
        if self.is_new:
            _optional(element, "Comment", comment.text)
        else:
            ET.SubElement(element, "Comment").text = clean(comment.text)
        if comment.viewpoint:
            ET.SubElement(element, "Viewpoint", Guid=comment.viewpoint.lower())
        _when(element, "ModifiedDate", comment.modified_at)
        _optional(element, "ModifiedAuthor", comment.modified_author)

    def _named(self, viewpoint: Viewpoint, at: int) -> Viewpoint:
        """Where a file of another topic or viewpoint has the name already, or the name leads elsewhere: a fresh one."""
        if viewpoint.view is not None:
            name = self._free(viewpoint.file_name, f"{viewpoint.guid.lower()}.bcfv")
            view = replace(
                viewpoint.view,
                bitmaps=tuple(replace(row, reference=self._where(row.reference)) for row in viewpoint.view.bitmaps),
            )
            viewpoint = replace(viewpoint, file_name=name, view=view)
            guid = viewpoint.guid.lower()
            self.files[f"{self.folder}/{name}"] = _xml(view_element(view, guid, self.version))
        if viewpoint.snapshot is not None:
            picture = viewpoint.snapshot
            name = self._free(picture.name, f"{viewpoint.guid.lower()}.{picture.kind}")
            self.files[f"{self.folder}/{name}"] = picture.content
            viewpoint = replace(viewpoint, snapshot=replace(picture, name=name))
        return viewpoint

    def _free(self, wished: str, fallback: str) -> str:
        path = resolved(self.folder, wished)
        if path is None or path in self.files or clean(wished) != wished:
            return fallback
        inside = path.startswith(f"{self.folder}/") and path != f"{self.folder}/{MARKUP}"
        return path.removeprefix(f"{self.folder}/") if inside else fallback

    def _viewpoint(self, parent: ET.Element, tag: str, viewpoint: Viewpoint) -> None:
        element = ET.SubElement(parent, tag, Guid=viewpoint.guid.lower())
        if viewpoint.view is not None:
            ET.SubElement(element, "Viewpoint").text = viewpoint.file_name
        if viewpoint.snapshot is not None:
            ET.SubElement(element, "Snapshot").text = viewpoint.snapshot.name
        if viewpoint.index is not None:
            ET.SubElement(element, "Index").text = str(viewpoint.index)


def _guid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""
