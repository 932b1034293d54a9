"""The search index: every two neighbouring characters of a project's searchable texts."""

from django.db import models

from projects.models.project import Project


class SearchText(models.Model):
    """One searchable text of a project (name, code, document number), folded to one spelling."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="search_texts")
    kind = models.CharField(max_length=12)
    text = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "kind", "text"], name="search_text_once")]
        indexes = [models.Index(fields=["text"], name="search_text_prefix")]

    def __str__(self) -> str:
        return self.text


class SearchGram(models.Model):
    """Two neighbouring characters and the project they occur in. The database's own indexes miss two-character terms."""

    gram = models.CharField(max_length=2)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gram", "project"], name="search_gram_once")]
        indexes = [models.Index(fields=["project"], name="search_gram_of_project")]

    def __str__(self) -> str:
        return self.gram
