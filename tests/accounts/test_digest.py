"""Notices by e-mail: at once or one a day, in the reader's language, each once, whoever runs it and how often."""

import smtplib
import threading
from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.core import mail
from django.db import connection

from accounts.models import Message, User
from accounts.services import digest
from accounts.services.notify import tell
from core import clock
from tests.support import days

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=clock.CHINA)


def person(username: str, choice: str = "DAILY", **changes) -> User:
    values = {"full_name": username.title(), "email": f"{username}@example.test", "mail_choice": choice, **changes}
    return User.objects.create(username=username, **values)


def words(message: Message) -> str:
    return f"about {message.facts['no']}"


def told(user: User, *numbers: str) -> None:
    for number in numbers:
        tell(user, "item.moved", {"no": number}, link=f"/items/{number}/")


def sent(at: datetime = MORNING) -> digest.Mailed:
    with clock.at(at):
        return digest.send_due(words)


@pytest.fixture(autouse=True)
def _this_morning():
    with clock.at(MORNING):
        yield


@pytest.mark.django_db
def test_a_day_brings_one_mail_with_everything_in_it():
    told(person("ann"), "7", "8", "9")
    assert sent().digests == 1
    assert [letter.to for letter in mail.outbox] == [["ann@example.test"]]
    assert all(f"about {number}" in mail.outbox[0].body for number in "789")
    assert "https://tracker.example.gov.cn/items/8/" in mail.outbox[0].body


@pytest.mark.django_db
def test_what_comes_later_on_the_day_waits_for_tomorrow():
    ann = person("ann")
    told(ann, "1")
    sent()
    told(ann, "2")
    assert sent(MORNING + timedelta(hours=5)).digests == 0
    assert sent(MORNING + timedelta(days=1)).digests == 1
    assert "about 2" in mail.outbox[1].body and "about 1" not in mail.outbox[1].body


@pytest.mark.django_db
def test_nobody_gets_a_digest_before_eight():
    told(person("ann"), "1")
    assert sent(MORNING.replace(hour=7)).digests == 0 and not mail.outbox
    assert sent(MORNING.replace(hour=8)).digests == 1


@pytest.mark.django_db
def test_at_once_means_one_mail_each_at_any_hour():
    told(person("ann", "AT_ONCE"), "1", "2")
    assert sent(MORNING.replace(hour=3)).at_once == 2
    assert sent(MORNING.replace(hour=4)).at_once == 0 and len(mail.outbox) == 2


@pytest.mark.django_db
def test_never_unread_only_and_no_address_are_respected():
    told(person("never", "NEVER"), "1")
    told(person("homeless", email=""), "2")
    read = person("read")
    told(read, "3")
    Message.objects.filter(user=read).update(read_at=clock.now())
    assert sent() == digest.Mailed() and not mail.outbox


@pytest.mark.django_db
def test_the_mail_is_in_the_readers_language():
    told(person("zhang", language="zh-hans"), "1")
    told(person("smith", language="en"), "2")
    sent()
    subjects = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert "您有 1 条消息" in subjects["zhang@example.test"]
    assert "1 notice for you" in subjects["smith@example.test"]


@pytest.mark.django_db
def test_the_subject_tells_nothing_about_the_item():
    told(person("ann"), "SECRET-7")
    sent()
    assert "SECRET-7" not in mail.outbox[0].subject


@pytest.mark.django_db
def test_what_cannot_be_delivered_is_tried_again():
    told(person("ann"), "1")
    with mock.patch("django.core.mail.send_mail", side_effect=smtplib.SMTPServerDisconnected):
        done = sent()
    assert (done.digests, done.failed) == (0, 1)
    assert sent().digests == 1


@pytest.mark.django_db
def test_old_notices_do_not_pour_out_when_somebody_turns_mail_on():
    told(person("ann"), "1")
    Message.objects.update(created_at=clock.now() - timedelta(days=30))
    assert sent().digests == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_running_at_once_send_each_mail_once():
    for n in range(5):
        told(person(f"daily{n}"), "1", "2")
        told(person(f"once{n}", "AT_ONCE"), "3")
    done: list[digest.Mailed] = []

    def run() -> None:
        done.append(digest.send_due(words))
        connection.close()

    with days.on(MORNING):
        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(done) == 4
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        [f"daily{n}@example.test" for n in range(5)] + [f"once{n}@example.test" for n in range(5)]
    )
