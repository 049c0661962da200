"""Learners with cards and reviews, made inside SQLite so that millions take no longer than needed.

Each learner has had 50 sessions of 10 reviews, one a day up to today, over 200 cards. Rows stand
in the order in which they would have come: the day's session of one learner after another's.
"""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

CARDS_EACH = 200
REVIEWS_EACH = 500

PREPARE = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -1000000;
PRAGMA temp_store = MEMORY;

CREATE TEMP TABLE numbered_question (number INTEGER PRIMARY KEY, id INTEGER);
INSERT INTO numbered_question
SELECT row_number() OVER (ORDER BY id) - 1, id FROM quizapp_question;

CREATE TEMP TABLE step (number INTEGER PRIMARY KEY);
INSERT INTO step
WITH RECURSIVE counted (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM counted LIMIT 10)
SELECT number FROM counted;
"""

LEARNERS = """
INSERT INTO quizapp_user
(id, password, is_superuser, name, is_guest, is_staff, is_active, date_joined, timezone,
 rollover_hour, new_per_day, desired_retention)
WITH RECURSIVE learner (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM learner LIMIT :learners)
SELECT id, '!' || hex(randomblob(20)), 0, '', 1, 0, 1, datetime(:now - 6000000, 'unixepoch'),
       'Europe/Berlin', 4, 10, 0.9
FROM learner
"""

SESSIONS = """
INSERT INTO django_session (session_key, session_data, expire_date)
SELECT lower(hex(randomblob(16))), hex(randomblob(120)), datetime(:now + 30000000, 'unixepoch')
FROM quizapp_user
"""

# What card number `card` of a learner is like, and when its review number `rep` was. Reviews go
# through the cards again and again: 500 reviews make 3 of each of the first 100 cards, 2 of the
# others. Multipliers only scatter the values.
CARDS = """
INSERT INTO quizapp_card
(user_id, question_id, question_version, state, step, stability, difficulty, due, last_review,
 reps, lapses, is_leech, is_suspended)
WITH RECURSIVE
  session (day) AS (SELECT 0 UNION ALL SELECT day + 1 FROM session LIMIT :cards_each / 10),
  drawn AS (
    SELECT learner.id AS learner, day * 10 + step.number AS card
    FROM session CROSS JOIN quizapp_user AS learner CROSS JOIN step
  ),
  known AS (
    SELECT *,
      (learner * 7919 + card * 104729) % 100 < 97 AS is_review,
      8.00012345 + (learner * 6007 + card * 7877) % 8000 / 100.0 AS stability,
      :now - 86400 * CASE WHEN card < 100 THEN 9 - card / 10 ELSE 19 - (card - 100) / 10 END
        - learner % 7000 - 1 AS last_review
    FROM drawn
  )
SELECT learner, question.id, 1, CASE WHEN is_review THEN 2 ELSE 1 END,
  CASE WHEN is_review THEN NULL ELSE 1 END, stability,
  1.0 + (learner + card * 31) % 900 / 100.0,
  datetime(last_review + CASE WHEN is_review THEN stability * 86400 ELSE 600 END, 'unixepoch'),
  datetime(last_review, 'unixepoch'), CASE WHEN card < 100 THEN 3 ELSE 2 END, 0, 0, 0
FROM known JOIN numbered_question AS question
  ON question.number = (learner * 37 + card) % (SELECT count(*) FROM numbered_question)
"""

REVIEWS = """
INSERT INTO quizapp_review
(user_id, question_id, question_version, reviewed_at, seed, options_order, response, duration_ms,
 is_sure, score, rating, desired_retention, retrievability, state_before, before, after)
WITH RECURSIVE
  session (day) AS (SELECT 0 UNION ALL SELECT day + 1 FROM session LIMIT :reviews_each / 10),
  drawn AS (
    SELECT learner.id AS learner, (day * 10 + step.number) % :cards_each AS card,
      (day * 10 + step.number) / :cards_each + 1 AS rep,
      :now - 86400 * (:reviews_each / 10 - 1 - day) - learner.id % 7000 - 1 AS at,
      (learner.id * 31 + day * 17 + step.number * 13) % 100 AS percent
    FROM session CROSS JOIN quizapp_user AS learner CROSS JOIN step
  )
SELECT learner, question.id, 1, datetime(at, 'unixepoch'),
  random() & 9223372036854775807,
  json_array(lower(hex(randomblob(4))), lower(hex(randomblob(4))), lower(hex(randomblob(4))),
             lower(hex(randomblob(4)))),
  json_quote(lower(hex(randomblob(4)))),
  4000 + percent * 200, percent % 5 > 0, percent < 85, CASE WHEN percent < 85 THEN 3 ELSE 1 END,
  0.9, CASE WHEN rep > 1 THEN 0.8 + percent / 512.0 END, CASE WHEN rep > 1 THEN 2 ELSE 0 END,
  CASE WHEN rep > 1 THEN
    json_object('state', 2, 'step', NULL, 'stability', 4.00012345 + percent, 'difficulty',
      1.0 + percent / 12.0, 'due', strftime('%Y-%m-%dT%H:%M:%S+00:00', at, 'unixepoch'),
      'last_review', strftime('%Y-%m-%dT%H:%M:%S+00:00', at - 900000, 'unixepoch'),
      'reps', rep - 1, 'lapses', 0, 'is_leech', json('false'), 'question_version', 1)
  END,
  json_object('state', 2, 'step', NULL, 'stability', 8.00012345 + percent, 'difficulty',
    1.0 + percent / 12.0, 'due', strftime('%Y-%m-%dT%H:%M:%S+00:00', at + 900000, 'unixepoch'),
    'last_review', strftime('%Y-%m-%dT%H:%M:%S+00:00', at, 'unixepoch'),
    'reps', rep, 'lapses', 0, 'is_leech', json('false'), 'question_version', 1)
FROM drawn JOIN numbered_question AS question
  ON question.number = (learner * 37 + card) % (SELECT count(*) FROM numbered_question)
"""


def populate(path: Path, learners: int, cards_each: int = CARDS_EACH) -> None:
    """Fill a closed database file that has content, and wait until all of it is on the disk.

    There must be at least as many questions as each learner has cards.
    """
    values = {
        "learners": learners,
        "cards_each": cards_each,
        "reviews_each": REVIEWS_EACH,
        "now": int(time.time()),
    }
    connection = sqlite3.connect(path)
    connection.executescript(PREPARE)
    with connection:
        for statement in (LEARNERS, SESSIONS, CARDS, REVIEWS):
            connection.execute(statement, values)
    connection.close()
    with path.open("rb+") as file:
        os.fsync(file.fileno())
