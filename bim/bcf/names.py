"""How the files of a package are called, and the lists of its extensions (3.0)."""

VERSION_FILE, PROJECT_FILE, MARKUP = "bcf.version", "project.bcfp", "markup.bcf"
EXTENSIONS_FILE, DOCUMENTS_FILE, DOCUMENTS_FOLDER = "extensions.xml", "documents.xml", "documents/"
EXTENSION_LISTS = {
    "types": "TopicTypes/TopicType",
    "statuses": "TopicStatuses/TopicStatus",
    "priorities": "Priorities/Priority",
    "labels": "TopicLabels/TopicLabel",
    "users": "Users/User",
    "snippet_types": "SnippetTypes/SnippetType",
    "stages": "Stages/Stage",
}
