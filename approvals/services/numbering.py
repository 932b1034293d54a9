"""Document numbers 〔〕, one unbroken sequence per prefix and year."""

from django.conf import settings

from accounts.models import Organisation
from approvals.models import DocumentSequence
from core import locks


def next_number(organisation: Organisation, year: int) -> str:
    """E.g. 鹏发财〔2017〕12号. The sequence row stays locked until the transaction ends, so no number is skipped."""
    prefix = organisation.document_prefix or settings.DOCUMENT_NO_PREFIX
    row, _created = DocumentSequence.objects.get_or_create(prefix=prefix, year=year)
    row = locks.locked(DocumentSequence.objects.all(), row.pk)
    row.last += 1
    row.save()
    return str(row)
