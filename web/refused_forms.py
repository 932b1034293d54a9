"""Puts the reasons of a refusal at the fields of a form, the rest on top of it."""

from django import forms

from core.errors import DomainError


def show_refusal(form: forms.Form, error: DomainError) -> None:
    """Every problem at the field it names, if the form has it, else among the general ones."""
    for problem in error.problems:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))
