"""What an editor can do on the page of a question, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from quizapp.authoring.bulk.planning import Deed, plan
from quizapp.authoring.edit import drafts, form, rows, saving
from quizapp.authoring.edit.checks import advice_on
from quizapp.authoring.edit.context import Desk
from quizapp.authoring.edit.kinds import label_of
from quizapp.authoring.edit.saving import Overtaken, Saved, Work, learners_with_memory, parsed
from quizapp.authoring.edit.sheet import Choice, Sheet, settled
from quizapp.content import editing
from quizapp.content.history import Act, Change
from quizapp.content.problems import ContentError, Place, Problem, Severity
from quizapp.content.schema import Question as Entry
from quizapp.content.schema import Source
from quizapp.web.words import count

_MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Done:
    """With `text` it is done, otherwise `sheet` goes back to the editor.

    `merged` names the two revisions between which somebody else's changes lie.
    """

    sheet: Sheet
    text: str = ""
    slug: str = ""
    merged: str = ""
    overtaken: Overtaken | None = None
    asks_again: bool = False


def checked(sheet: Sheet) -> Sheet:
    """With everything that is wrong, and what a second look finds."""
    try:
        entry = _entry(sheet, sheet.rough_source())
        editing.references(entry)
    except ContentError as error:
        return sheet.with_problems(error.problems)
    return sheet.with_problems(_as_advice(advice_on(entry)))


def _entry(sheet: Sheet, source: Source) -> Entry:
    """What is on the sheet, parsed. Raises ContentError with all that is wrong with either."""
    problems: list[Problem] = []
    if sheet.typed:
        problems += form.read(sheet.typed).problems
    try:
        entry = parsed(source, place=sheet.place)
    except ContentError as error:
        told = {problem.field for problem in problems}
        others = [each for each in error.problems if each.field not in told]
        raise ContentError([*problems, *others]) from None
    if problems:
        raise ContentError(problems)
    return entry


def _as_advice(problems: list[Problem]) -> list[Problem]:
    """The rules of good content never keep anybody from mending a question."""
    return [replace(problem, severity=Severity.WARNING) for problem in problems]


def with_rows_changed(sheet: Sheet, act: str, what: str) -> tuple[Sheet, str]:
    """The sheet with a row added, removed or moved, and the id of what takes the focus."""
    if sheet.typed is None:
        return sheet, ""
    name, _, number = what.partition(" ")
    index = int(number) if number.isdecimal() and len(number) < 5 else 0
    typed, focus = rows.with_rows_changed(sheet.typed, act, name, index)
    return replace(sheet, typed=typed), focus


def turned(sheet: Sheet, *, as_yaml: bool) -> Sheet:
    """The same as YAML, or as a form if that can show all of it."""
    if as_yaml:
        if sheet.typed is None:
            return sheet
        return replace(sheet, typed=None, yaml=form.yaml_of(sheet.rough_source()))
    if sheet.typed is not None:
        return sheet
    try:
        source = sheet.source()
    except ContentError as error:
        return sheet.with_problems(error.problems)
    if source.get("kind", sheet.kind) != sheet.kind or not form.fits(sheet.kind, source):
        message = "the form cannot show all that is written here: mend it, or go on as YAML"
        return sheet.with_problems([Place("question").error(message)])
    return replace(sheet, typed=form.typed_from(sheet.kind, source), yaml="")


def set_retired(desk: Desk, *, is_retired: bool) -> tuple[str, str]:
    """What to say of it, and the act that undoes it."""
    rows = [desk.row] if desk.row else []
    change = Change(desk.user.pk, desk.now, Act.RETIRED if is_retired else Act.RESTORED)
    if is_retired:
        changed = editing.retire(rows, change)
        text = "Retired: nobody is asked it any more. All progress is kept."
        return (text, "restore") if changed else ("It was retired already.", "")
    against = plan(Deed.RESTORE, [row.pk for row in rows if row.is_retired], None).skipped
    if against:
        return f"It stays retired: {against[0].why}.", ""
    changed = editing.restore(rows, change)
    text = "Brought back, with everybody's progress."
    return (text, "retire") if changed else ("It was in use already.", "")


def save(desk: Desk, sheet: Sheet, *, changes_meaning: bool, is_sure: bool) -> Done:
    """Saves what is on the sheet, or gives back what has to be looked at."""
    if undecided := _undecided(sheet):
        return Done(undecided)
    try:
        source = _settled_source(sheet)
        _entry(sheet, source)
        _check_id(desk, source)
    except ContentError as error:
        return Done(_with_choices_made(sheet).with_problems(error.problems))
    if not changes_meaning and not is_sure and _is_likely_meaning(desk, sheet, source):
        return Done(_with_choices_made(sheet), asks_again=True)
    slug = desk.row.slug if desk.row else ""
    act = Act.EDITED if desk.row else Act.ADDED
    work = Work(slug, source, sheet.base, changes_meaning, sheet.place)
    try:
        result = saving.save(work, Change(desk.user.pk, desk.now, act))
    except ContentError as error:
        return Done(_with_choices_made(sheet).with_problems(error.problems))
    if isinstance(result, Overtaken):
        return _overtaken(sheet, result)
    drafts.drop(result.question.slug, sheet.seen)
    return _saved(desk, sheet, result, changes_meaning=changes_meaning)


def _is_likely_meaning(desk: Desk, sheet: Sheet, source: Source) -> bool:
    before = saving.without_version(sheet.base.source) if desk.row and sheet.base else {}
    return bool(before) and saving.touches_key(desk.kind, before, source)


def _saved(desk: Desk, sheet: Sheet, saved: Saved, *, changes_meaning: bool) -> Done:
    question = saved.question
    text = "Saved. Everybody's memory of it is kept."
    if not desk.row:
        text = "Added."
    elif changes_meaning or question.version > desk.row.version:
        learners = learners_with_memory(question)
        again = f"{count(learners, 'learner')} will meet it again" if learners else "nobody knew it"
        text = f"Saved as version {question.version}: {again}."
    merged = ""
    if saved.taken and saved.theirs and sheet.base:
        who = str(saved.theirs.by or "somebody")
        fields = ", ".join(label_of(question.kind, path).lower() for path in saved.taken)
        text = f"{text} Meanwhile {who} changed: {fields}. Both are in."
        merged = f"{sheet.base.pk}-{saved.theirs.pk}"
    return Done(sheet, text, question.slug, merged)


def _overtaken(sheet: Sheet, overtaken: Overtaken) -> Done:
    """The sheet with both brought together, which begins from theirs now."""
    shown = replace(sheet, base=overtaken.theirs).showing(overtaken.source)
    choices = tuple(Choice(clash.path) for clash in overtaken.clashes)
    shown = replace(shown, choices=choices)
    return Done(shown.with_problems(overtaken.problems), overtaken=overtaken)


def _undecided(sheet: Sheet) -> Sheet | None:
    """The sheet as it comes back where a choice between two editors is still to be made."""
    if all(choice.take for choice in sheet.choices):
        return None
    message = "choose for each field below which of the two is to stay"
    return sheet.with_problems([Place("question").error(message)])


def _settled_source(sheet: Sheet) -> Source:
    source = sheet.source() if sheet.is_yaml else sheet.rough_source()
    return settled(source, sheet.choices, sheet.base.source) if sheet.base else source


def _with_choices_made(sheet: Sheet) -> Sheet:
    """Once every choice is made, the sheet says what was chosen, and asks no more."""
    if not sheet.choices:
        return sheet
    source = sheet.rough_source()
    return sheet.showing(settled(source, sheet.choices, sheet.base.source if sheet.base else {}))


def keep(
    desk: Desk, sheet: Sheet, live_at: datetime | None, *, changes_meaning: bool
) -> Done | Sheet:
    """Keeps it as a draft, complete or not; only one that is good can have a time to go live.

    With a choice still to be made, it would take the place of what somebody else has saved.
    """
    if undecided := _undecided(sheet):
        return undecided
    made = _with_choices_made(sheet)
    try:
        source = made.rough_source()
        if live_at:
            editing.references(_entry(made, made.source() if made.is_yaml else source))
        _check_id(desk, source)
        kept = drafts.Kept(source, made.base, live_at, changes_meaning)
        draft = drafts.keep(kept, desk.user, desk.now, seen=made.seen)
    except ContentError as error:
        return made.with_problems(error.problems)
    if draft is None:
        return _draft_changed(desk, made)
    text = "Kept as a draft: learners do not see it yet."
    if desk.draft and desk.draft.live_at:
        text = "Kept as a draft, which goes live at no set time any more."
    if live_at:
        text = f"Kept as a draft. It goes live on {moment_words(live_at, desk.user.zone)}."
    return Done(made, text, draft.slug)


def _draft_changed(desk: Desk, sheet: Sheet) -> Sheet:
    """Tells what the draft says by now; keeping once more puts ours in its place."""
    draft = desk.draft
    if draft is None:
        message = "there is a draft with this id already: open it, or choose another id"
        return sheet.with_problems([Place("question").at("id").error(message)])
    message = (
        f"{draft.by or 'somebody'} has kept another draft meanwhile, which stands below; "
        "keep yours once more to put it in its place"
    )
    shown = replace(sheet, seen=drafts.stamp_of(draft), other_draft=True)
    return shown.with_problems([Place("question").error(message)])


def _check_id(desk: Desk, source: Source) -> None:
    if desk.slug and str(source.get("id")) != desk.slug:
        message = f"write {desk.slug}: an id never changes, since progress hangs on it"
        raise ContentError([Place("question").at("id").error(message)])


def moment(text: str, zone: tzinfo, now: datetime) -> datetime:
    """A time to come, as the editor's clock shows it. Raises ContentError."""
    place = Place("question").at("live_at")
    try:
        naive = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ContentError([place.error("choose a date and a time")]) from None
    when = naive.replace(tzinfo=zone) if naive.tzinfo is None else naive
    # The year first, since the ends of the calendar cannot be compared across zones.
    if not now.year - 1 <= when.year <= now.year + _MOST_YEARS or when <= now:
        raise ContentError([place.error("choose a time to come, within ten years")])
    return when


def moment_words(when: datetime, zone: tzinfo) -> str:
    return f"{when.astimezone(zone):%-d %B %Y at %H:%M}"
