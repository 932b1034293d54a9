"""Writes one topic's folder: its markup, viewpoints, pictures and further files."""

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bim.bcf.names import DOCUMENTS_FOLDER, MARKUP
from bim.bcf.package import resolved
from bim.bcf.records import Comment, DocumentReference, HeaderFile, Topic, Viewpoint
from bim.bcf.text import clean, collapsed, is_ifc_guid, said_moment
from bim.bcf.viewpoint_xml import view_element
from bim.bcf.xml import optional, written

# What 3.0 demands and a topic may lack.
FALLBACK_TYPE, FALLBACK_STATUS, FALLBACK_AUTHOR, FALLBACK_TITLE = "Issue", "Open", "Unknown", "-"
NAMESPACE = uuid.UUID("8f1c8a26-7d0e-4d2e-9a75-0d3f3d0c52a4")  # of the guids made up where a file had none


def _when(parent: ET.Element, tag: str, moment: datetime | None) -> None:
    if moment is not None:
        ET.SubElement(parent, tag).text = said_moment(moment)


class TopicWriter:
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
        self.files[f"{self.folder}/{MARKUP}"] = written(self.markup)

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
        optional(element, "Filename", row.name)
        _when(element, "Date", row.date)
        optional(element, "Reference", row.reference if row.is_external else self._where(row.reference))

    def _about(self, element: ET.Element) -> None:
        topic = self.topic
        self._listed(element, "ReferenceLinks", "ReferenceLink", topic.reference_links)
        ET.SubElement(element, "Title").text = clean(topic.title) if collapsed(topic.title) else FALLBACK_TITLE
        optional(element, "Priority", topic.priority)
        if topic.index is not None:
            ET.SubElement(element, "Index").text = str(topic.index)
        self._listed(element, "Labels", "Label" if self.is_new else "Labels", topic.labels)
        _when(element, "CreationDate", topic.created_at)
        self._author(element, "CreationAuthor", topic.author)
        _when(element, "ModifiedDate", topic.modified_at)
        optional(element, "ModifiedAuthor", topic.modified_author)
        _when(element, "DueDate", topic.due_at)
        optional(element, "AssignedTo", topic.assigned_to)
        optional(element, "Stage", topic.stage)
        optional(element, "Description", topic.description)

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
            optional(element, "Description", row.description)

    def _document_2(self, element: ET.Element, row: DocumentReference) -> None:
        element.set("isExternal", "true" if row.url else "false")
        content = self.topic.files.get(row.path)
        if content is None:
            optional(element, "ReferencedDocument", row.url or row.path or row.name)
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
                optional(element, "Url", address)
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
            optional(element, "Comment", comment.text)
        else:
            ET.SubElement(element, "Comment").text = clean(comment.text)
        if comment.viewpoint:
            ET.SubElement(element, "Viewpoint", Guid=comment.viewpoint.lower())
        _when(element, "ModifiedDate", comment.modified_at)
        optional(element, "ModifiedAuthor", comment.modified_author)

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
            self.files[f"{self.folder}/{name}"] = written(view_element(view, guid, self.version))
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
