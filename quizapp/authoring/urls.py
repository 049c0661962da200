"""The editor's pages, below /edit/."""

from django.urls import path

from quizapp.authoring import bank, bulk, conflicts, drafts, edit, flags, history, preview, transfer

urlpatterns = [
    path("", bank.bank, name="edit-bank"),
    path("bulk/", bulk.look, name="edit-bulk"),
    path("bulk/apply/", bulk.apply, name="edit-bulk-apply"),
    path("bulk/<uuid:batch>/undo/", bulk.undo, name="edit-bulk-undo"),
    path("questions/new/", edit.new, name="edit-new"),
    path("questions/<slug:slug>/", edit.edit, name="edit-question"),
    path("questions/<slug:slug>/history/", history.history, name="edit-history"),
    path("questions/<slug:slug>/history/<int:pk>/restore/", history.restore, name="edit-restore"),
    path("questions/<slug:slug>/draft/discard/", drafts.discard, name="edit-discard"),
    path("preview/", preview.preview, name="edit-preview"),
    path("preview/try/", preview.try_it, name="edit-try"),
    path("drafts/<str:key>/", drafts.shown, name="draft-shown"),
    path("flags/", flags.inbox, name="edit-flags"),
    path("flags/<int:question>/answer/", flags.answer, name="edit-flag-answer"),
    path("conflicts/", conflicts.conflicts, name="edit-conflicts"),
    path("conflicts/settle/", conflicts.settle, name="edit-settle"),
    path("import/", transfer.bring_in, name="edit-import"),
    path("import/apply/", transfer.apply, name="edit-import-apply"),
    path("export/", transfer.take_out, name="edit-export"),
]
