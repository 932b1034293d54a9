"""Between a form and the services: what the form could not read goes in, and every refusal comes back to its field."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from core.errors import Problem


def faults_of(form: forms.BaseForm) -> list[Problem]:
    """What the form could not read, for the service to refuse together with the rules; empty when it is good."""
    return [
        Problem(f"form.{error.code or 'invalid'}", message, "" if name == NON_FIELD_ERRORS else name)
        for name, errors in form.errors.items()
        for error in errors.as_data()
        for message in error.messages
    ]


def refuse(form: forms.BaseForm, problems: Iterable[Problem]) -> None:
    """Puts each problem at its field; what belongs to none stands on top. What is there already is not said twice."""
    for problem in problems:
        name = problem.field if problem.field in form.fields else None
        if str(problem.message) not in form.errors.get(name or NON_FIELD_ERRORS, []):
            form.add_error(name, str(problem.message))
