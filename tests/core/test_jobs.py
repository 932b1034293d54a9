"""Background work: started once, shown while it runs, tried again when its worker dies, never lost."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.management import call_command
from django_tasks_db.management.commands import db_worker

from accounts.models import User
from core import clock, files, jobs
from core.errors import NotFound, Problem, RuleViolation
from core.models import Job
from tests.support.cast import make_cast

pytestmark = pytest.mark.django_db
SEEN: list[tuple[int, int]] = []


@jobs.kind("Counting")
def counting(run: jobs.Run) -> jobs.Outcome:
    SEEN.append((run.job.pk, run.attempt))
    for done in range(run.params["to"] + 1):
        run.progress(done, run.params["to"], f"{done}")
    return jobs.Outcome(result={"counted": run.params["to"]}, message="counted")


@jobs.kind("Cancelled under way")
def cancelled_under_way(run: jobs.Run) -> jobs.Outcome:
    jobs.cancel(run.job.pk)
    run.progress(1, 1)
    raise AssertionError("the work went on after it was cancelled")


@jobs.kind("Refused")
def refused(run: jobs.Run) -> jobs.Outcome:
    raise RuleViolation([Problem("no", "Not today.")])


@jobs.kind("Broken")
def broken(run: jobs.Run) -> jobs.Outcome:
    raise ZeroDivisionError("secret detail")


@jobs.kind("Filed")
def filed(run: jobs.Run) -> jobs.Outcome:
    stored = files.store(BytesIO(b"a,b\n"), name="table.csv", allowed=("CSV",), user=run.user)
    return jobs.Outcome(file=stored)


@pytest.fixture
def lin():
    SEEN.clear()
    return make_cast().lin.user


@pytest.fixture
def start(lin, django_capture_on_commit_callbacks):
    def started(kind=counting, user=lin, **params):
        with django_capture_on_commit_callbacks(execute=True):
            job = jobs.start(kind, params, user)
        job.refresh_from_db()
        return job

    return started


def waiting(kind, user, **params):
    """A queued job whose queue has not been reached yet."""
    return jobs.start(kind, params, user)


def test_work_runs_after_the_commit_and_leaves_its_outcome(start):
    job = start(to=3)
    assert (job.state, job.result, job.message, job.attempts) == ("DONE", {"counted": 3}, "counted", 1)
    assert (job.done, job.total, job.percent) == (3, 3, 100)


def test_nothing_runs_before_the_commit(lin):
    job = waiting(counting, lin, to=1)
    assert Job.objects.get(pk=job.pk).state == "QUEUED"
    assert not SEEN


def test_the_same_work_under_way_is_not_doubled(lin):
    first = waiting(counting, lin, to=1)
    assert waiting(counting, lin, to=1).pk == first.pk
    assert waiting(counting, lin, to=2).pk != first.pk


def test_finished_work_may_be_asked_for_again(start):
    assert start(to=1).pk != start(to=1).pk


def test_running_a_job_twice_does_it_once(start):
    job = start(to=1)
    jobs.perform.call(job.pk)
    assert [(job.pk, 1)] == SEEN


def test_a_file_is_kept_for_whoever_asked(start):
    assert start(filed).file.name == "table.csv"


def test_a_refusal_is_told_in_words(start):
    job = start(refused)
    assert (job.state, job.message) == ("FAILED", "Not today.")


def test_a_fault_is_told_without_its_inside(start):
    job = start(broken)
    assert job.state == "FAILED"
    assert job.message
    assert "secret" not in job.message


def test_only_kinds_are_run_whatever_a_row_says(lin):
    job = Job.objects.create(kind="os.getcwd", created_by=lin)
    with pytest.raises(LookupError):
        jobs.kind_of(job)
    with pytest.raises(LookupError):
        jobs.perform.call(job.pk)
    assert Job.objects.get(pk=job.pk).state == "FAILED"


def dead(lin, attempts=1, minutes=16):
    """A job whose worker said nothing for so many minutes."""
    job = waiting(counting, lin, to=2)
    job.state, job.attempts = "RUNNING", attempts
    job.beat_at = clock.now() - timedelta(minutes=minutes)
    job.save()
    return job


def test_a_job_whose_worker_died_is_done_by_another(lin, django_capture_on_commit_callbacks):
    job = dead(lin)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.reap() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("DONE", 2)


def test_a_job_that_lives_is_left_alone(lin):
    dead(lin, minutes=14)
    assert jobs.reap() == 0


def test_after_three_dead_workers_the_job_is_given_up(lin):
    job = dead(lin, attempts=3)
    assert jobs.reap() == 1
    job.refresh_from_db()
    assert job.state == "FAILED"
    assert "3" in job.message
    assert jobs.reap() == 0


def test_a_job_forgotten_on_the_queue_is_put_on_it_again(lin, django_capture_on_commit_callbacks):
    with clock.at(date(2026, 3, 2)):
        job = waiting(counting, lin, to=1)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.reap() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("DONE", 1)


def test_a_worker_that_was_taken_for_dead_stops_and_changes_nothing(lin):
    job = waiting(counting, lin, to=2)
    run = jobs._claim(job.pk)
    Job.objects.filter(pk=job.pk).update(attempts=2)
    with pytest.raises(jobs.Superseded):
        run.progress(1, 2)
    jobs._finish(run, Job.State.DONE, jobs.Outcome(message="too late"))
    job.refresh_from_db()
    assert (job.state, job.message) == ("RUNNING", "")


def test_progress_is_written_now_and_then_and_at_the_end(lin, django_assert_num_queries):
    run = jobs._claim(waiting(counting, lin, to=1).pk)
    with django_assert_num_queries(2):
        for done in range(1001):
            run.progress(done, 1000)
    assert Job.objects.get(pk=run.job.pk).done == 1000


def test_failed_work_can_be_started_again_by_its_owner_only(start, lin):
    job = start(refused)
    with pytest.raises(NotFound):
        jobs.start_again(job.pk, User.objects.get(username="sun"))
    assert jobs.start_again(job.pk, lin).state == "QUEUED"
    with pytest.raises(RuleViolation):
        jobs.start_again(job.pk, lin)


@pytest.mark.django_db(transaction=True)
def test_the_worker_of_the_product_takes_work_from_the_database_queue(lin, settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(db_worker.Worker, "configure_signals", lambda worker: None)
    job = waiting(counting, lin, to=2)
    assert not SEEN
    call_command("worker", batch=True, interval=0, startup_delay=False, verbosity=0, reload=False)
    job.refresh_from_db()
    assert (job.state, job.result) == ("DONE", {"counted": 2})


def test_cancelled_work_stops_at_its_next_word_and_stays_cancelled(start):
    job = start(cancelled_under_way)
    assert (job.state, job.finished_at is not None) == (Job.State.CANCELLED, True)
    with pytest.raises(RuleViolation) as refusal:
        jobs.cancel(job.pk)
    assert [problem.code for problem in refusal.value.problems] == ["job.ended"]


def test_work_cancelled_on_the_queue_never_begins(lin):
    job = jobs.start(counting, {"to": 1}, lin)
    jobs.cancel(job.pk)
    jobs.perform.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, SEEN) == (Job.State.CANCELLED, 0, [])
