"""Reads one topic: its markup, its viewpoints and pictures, and every file that belongs to it."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from bim.bcf import package
from bim.bcf.names import DOCUMENTS_FOLDER, MARKUP
from bim.bcf.pictures import picture_kind
from bim.bcf.records import (
    Comment,
    DocumentReference,
    Fault,
    HeaderFile,
    Snapshot,
    Snippet,
    Topic,
    View,
    Viewpoint,
)
from bim.bcf.refusal import BcfRefused
from bim.bcf.viewpoint_xml import view_of
from bim.bcf.xml import boolean, child_text, parsed, texts

# Children of a topic that are understood; what else a tool wrote is named, for it cannot be passed on.
KNOWN = frozenset(
    (
        *("Title", "Priority", "Index", "Labels", "CreationDate", "CreationAuthor", "ModifiedDate", "ModifiedAuthor"),
        *("DueDate", "AssignedTo", "Stage", "Description", "BimSnippet", "ReferenceLink", "ReferenceLinks"),
        *("DocumentReference", "DocumentReferences", "RelatedTopic", "RelatedTopics", "Comments", "Viewpoints"),
    )
)


def moment(text: str) -> datetime | None:
    """An xs:dateTime, with or without a time zone; None where it is none."""
    try:
        return datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None


def guid_of(text: str | None) -> str:
    """The guid in lower case. Raises ValueError."""
    return str(UUID((text or "").strip()))


class TopicReader:
    """One topic folder."""

    def __init__(
        self,
        entries: package.Entries,
        version: str,
        folder: str,
        documents: dict[str, tuple[str, str]],
        faults: list[Fault],
    ) -> None:
        self.entries, self.version, self.folder = entries, version, folder
        self.document_names, self.faults = documents, faults
        self.taken: set[str] = {f"{folder}/{MARKUP}"}
        self.files: dict[str, bytes] = {}
        self.root = parsed(entries.xml(f"{folder}/{MARKUP}"), f"{folder}/{MARKUP}")

    def topic(self) -> Topic:
        said = self.root.find("Topic")
        if said is None:
            raise BcfRefused("topic.none")
        try:
            guid = guid_of(said.get("Guid"))
        except ValueError as error:
            raise BcfRefused("topic.guid") from error
        created, title = moment(child_text(said, "CreationDate")), child_text(said, "Title")
        if created is None or not title:
            raise BcfRefused("topic.incomplete")
        strange = sorted({element.tag for element in said} - KNOWN)
        if strange:
            self._fault("topic.unknown_parts", names=", ".join(strange[:10])[:200])
        is_new = self.version == "3.0"
        topic = Topic(
            guid=guid,
            title=title,
            created_at=created,
            author=child_text(said, "CreationAuthor"),
            topic_type=said.get("TopicType", "").strip(),
            topic_status=said.get("TopicStatus", "").strip(),
            priority=child_text(said, "Priority"),
            index=_whole(child_text(said, "Index")),
            labels=texts(said, "Labels/Label" if is_new else "Labels"),
            modified_at=moment(child_text(said, "ModifiedDate")),
            modified_author=child_text(said, "ModifiedAuthor"),
            due_at=moment(child_text(said, "DueDate")),
            assigned_to=child_text(said, "AssignedTo"),
            stage=child_text(said, "Stage"),
            description=child_text(said, "Description", keep_space=True).strip("\r\n"),
            server_assigned_id=said.get("ServerAssignedId", "").strip(),
            reference_links=texts(said, "ReferenceLinks/ReferenceLink" if is_new else "ReferenceLink"),
            snippet=self._snippet(said.find("BimSnippet")),
            header=tuple(self._header()),
            documents=tuple(self._documents(said)),
            related=tuple(self._related(said)),
            comments=tuple(self._comments(said)),
            viewpoints=tuple(self._viewpoints(said)),
            files=self.files,
        )
        self._keep_the_rest()
        return topic

    def _fault(self, code: str, **facts: object) -> None:
        self.faults.append(Fault(code, self.folder, facts))

    def _keep(self, reference: str) -> None:
        """A file the markup names goes along, if the package holds it."""
        path = package.resolved(self.folder, reference)
        if path is None:
            if "://" not in reference and reference:
                self._fault("topic.reference", name=reference[:100])
        elif path in self.entries:
            self.taken.add(path)
            self.files[reference.replace("\\", "/")] = self.entries.read(path)

    def _keep_the_rest(self) -> None:
        """What lies in the folder and nothing names."""
        start = f"{self.folder}/"
        for name in self.entries.by_name:
            if name.startswith(start) and name not in self.taken:
                self.files[name.removeprefix(start)] = self.entries.read(name)

    def _snippet(self, said: ET.Element | None) -> Snippet | None:
        if said is None:
            return None
        external = bool(boolean(said.get("IsExternal") or said.get("isExternal"), False))
        snippet = Snippet(
            said.get("SnippetType", "").strip(),
            child_text(said, "Reference"),
            child_text(said, "ReferenceSchema"),
            external,
        )
        if not external:
            self._keep(snippet.reference)
        return snippet

    def _header(self) -> Iterator[HeaderFile]:
        for said in self.root.findall("Header/Files/File" if self.version == "3.0" else "Header/File"):
            external = bool(boolean(said.get("IsExternal") or said.get("isExternal"), True))
            reference = child_text(said, "Reference")
            if not external and reference:
                self._keep(reference)
            yield HeaderFile(
                child_text(said, "Filename"),
                moment(child_text(said, "Date")),
                reference,
                said.get("IfcProject", "").strip(),
                said.get("IfcSpatialStructureElement", "").strip(),
                external,
            )

    def _documents(self, topic: ET.Element) -> Iterator[DocumentReference]:
        for said in topic.findall(
            "DocumentReferences/DocumentReference" if self.version == "3.0" else "DocumentReference"
        ):
            yield self._document_3(said) if self.version == "3.0" else self._document_2(said)

    def _document_2(self, said: ET.Element) -> DocumentReference:
        reference, description = child_text(said, "ReferencedDocument"), child_text(said, "Description")
        guid = said.get("Guid", "").strip().lower()
        if boolean(said.get("isExternal"), False) or "://" in reference:
            return DocumentReference(guid, description, url=reference)
        self._keep(reference)
        return DocumentReference(guid, description, path=reference, name=reference.replace("\\", "/").split("/")[-1])

    def _document_3(self, said: ET.Element) -> DocumentReference:
        guid, description = said.get("Guid", "").strip().lower(), child_text(said, "Description")
        document = child_text(said, "DocumentGuid").lower()
        if not document:
            return DocumentReference(guid, description, url=child_text(said, "Url"))
        name, _about_it = self.document_names.get(document, (document, ""))
        path = next((n for n in self.entries.by_name if n.lower() == f"{DOCUMENTS_FOLDER}{document}"), "")
        if path:
            self.files[f"../{path}"] = self.entries.read(path)
        return DocumentReference(
            guid, description, path=f"../{path}" if path else "", name=name, document_guid=document
        )

    def _related(self, topic: ET.Element) -> Iterator[str]:
        for said in topic.findall("RelatedTopics/RelatedTopic" if self.version == "3.0" else "RelatedTopic"):
            try:
                yield guid_of(said.get("Guid"))
            except ValueError:
                self._fault("topic.related")

    def _comments(self, topic: ET.Element) -> Iterator[Comment]:
        rows = topic.findall("Comments/Comment") if self.version == "3.0" else self.root.findall("Comment")
        for said in rows:
            try:
                guid = guid_of(said.get("Guid"))
                seen = said.find("Viewpoint")
                viewpoint = guid_of(seen.get("Guid")) if seen is not None else ""
                created = moment(child_text(said, "Date"))
                if created is None:
                    raise ValueError
            except ValueError:
                self._fault("comment.incomplete")
                continue
            yield Comment(
                guid,
                created,
                child_text(said, "Author"),
                child_text(said, "Comment", keep_space=True).strip("\r\n"),
                viewpoint,
                moment(child_text(said, "ModifiedDate")),
                child_text(said, "ModifiedAuthor"),
            )

    def _viewpoints(self, topic: ET.Element) -> Iterator[Viewpoint]:
        rows = topic.findall("Viewpoints/ViewPoint") if self.version == "3.0" else self.root.findall("Viewpoints")
        for said in rows:
            try:
                guid = guid_of(said.get("Guid"))
            except ValueError:
                self._fault("viewpoint.guid")
                continue
            file_name = child_text(said, "Viewpoint")
            snapshot = self._snapshot(child_text(said, "Snapshot"))
            yield Viewpoint(guid, self._view(file_name), snapshot, _whole(child_text(said, "Index")), file_name)

    def _view(self, file_name: str) -> View | None:
        path = package.resolved(self.folder, file_name)
        if path is None or path not in self.entries:
            if file_name:
                self._fault("viewpoint.missing", name=file_name[:100])
            return None
        try:
            view = view_of(parsed(self.entries.xml(path), path), self.version)
        except BcfRefused as refusal:
            self._fault(refusal.code, **refusal.facts)
            return None  # its file stays among the files of the folder
        self.taken.add(path)
        for bitmap in view.bitmaps:
            self._keep(bitmap.reference)
        return view

    def _snapshot(self, name: str) -> Snapshot | None:
        path = package.resolved(self.folder, name)
        if path is None or path not in self.entries:
            if name:
                self._fault("snapshot.missing", name=name[:100])
            return None
        content = self.entries.read(path)
        kind = picture_kind(content)
        if not kind:
            self._fault("snapshot.no_picture", name=name[:100])
            return None
        self.taken.add(path)
        return Snapshot(name.replace("\\", "/"), kind, content)


def _whole(text: str) -> int | None:
    try:
        value = int(text)
    except ValueError:
        return None
    return value if -(2**31) <= value < 2**31 else None
