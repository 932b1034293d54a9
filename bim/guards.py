"""Whether the check of a model may be stopped or made once more now; every reason why not."""

from django.utils.translation import gettext as _

from bim.models import BimModel
from bim.states import ModelStage, ModelStatus
from core import jobs
from core.errors import Problem

IN_CHECK = (ModelStatus.QUEUED, ModelStatus.CHECKING)


def cancel_problems(model: BimModel) -> list[Problem]:
    if model.status in IN_CHECK:
        return []
    return [Problem("model.check_ended", _("The check of this model has already ended."))]


def again_problems(model: BimModel) -> list[Problem]:
    """A model is read again after a fault, a cancellation or a refusal."""
    if model.status == ModelStatus.ACCEPTED:
        return [Problem("model.accepted", _("This model has already been accepted."))]
    if is_at_work(model):
        return [Problem("model.in_check", _("This model is being checked already."))]
    return []


def is_at_work(model: BimModel) -> bool:
    """A check is queued or running, and its background work goes on."""
    return model.status in IN_CHECK and model.job is not None and model.job.state in jobs.UNDER_WAY


def asset_problems(model: BimModel) -> list[Problem]:
    """Assets are drafted from what was built, not from what was planned."""
    if model.stage == ModelStage.AS_BUILT and model.status == ModelStatus.ACCEPTED:
        return []
    return [Problem("model.not_as_built", _("Assets are drafted from accepted as-built models only."))]
