"""The four kinds of calls."""

import hashlib

from client import PATIENCE, check, eventually, expect, registry
from register import EXPECTED_REMARKS, remarks_of, upload

from exchange.requests.v1 import journal_pb2, journal_reading_pb2, request_registry_pb2 as pb, subjects_pb2


def status():
    return registry("operator").GetStatus(pb.GetStatusRequest(), timeout=PATIENCE)


@check
def client_stream_checks_a_register_and_stores_nothing():
    report = registry("prosecutor").CheckRegister(upload(), timeout=PATIENCE)
    expect((report.request_rows, report.subject_rows, report.added, report.faulty), (5, 3, 3, 2))
    expect(remarks_of(report.remarks), EXPECTED_REMARKS)
    expect(status().requests, 0)


@check
def bidirectional_import_names_faulty_rows_and_keeps_the_others():
    answers = list(registry("operator").ImportRegister(upload(), timeout=PATIENCE))
    kinds = [answer.WhichOneof("part") for answer in answers]
    expect(kinds[-1], "report")
    expect(remarks_of(answer.remark for answer in answers if answer.HasField("remark")), EXPECTED_REMARKS)
    progress = answers[len(kinds) - 1 - kinds[::-1].index("progress")].progress
    expect((progress.request_rows_read, progress.request_rows_done, progress.subject_rows_read), (5, 5, 3))
    report = answers[-1].report
    expect((report.added, report.faulty, report.faults, report.warnings, report.subjects), (3, 2, 4, 1, 3))


@check
def bidirectional_import_again_changes_nothing():
    *_, last = registry("operator").ImportRegister(upload(piece=1000), timeout=PATIENCE)
    expect((last.report.added, last.report.corrected, last.report.unchanged), (0, 0, 3))


@check
def unary_status_is_read():
    answer = status()
    expect((answer.installation_state, answer.requests), ("BY", 3))
    assert answer.build


@check
def unary_list_goes_page_by_page():
    references, token = [], ""
    while token or not references:
        page = registry("investigator").ListRequests(
            pb.ListRequestsRequest(page_size=2, page_token=token, requesting_states=["BY"]), timeout=PATIENCE)
        references += [request.facts.reference for request in page.requests]
        token = page.next_page_token
    expect(references, ["BY-2008-900005", "BY-2008-900002", "BY-2008-900001"])


@check
def unary_request_is_shown_without_identities():
    ask = registry("investigator").GetRequest
    shown = ask(pb.GetRequestRequest(name="requests/BY-2008-900001"), timeout=PATIENCE)
    expect(shown, ask(pb.GetRequestRequest(name=shown.name), timeout=PATIENCE))
    expect(shown.facts.requesting_authority, "Генеральная прокуратура")
    expect([answer.answered_on for answer in shown.facts.answers], ["2008-06-02"])
    expect(sorted(subject.role for subject in shown.subjects), [subjects_pb2.SUSPECT, subjects_pb2.VICTIM])
    assert not any(subject.HasField("identity") for subject in shown.subjects)


@check
def server_stream_reads_the_journal():
    eventually(status, lambda answer: answer.sealed_no >= 3 and answer.unsealed == 0)
    entries = list(registry("operator").ReadJournal(
        journal_reading_pb2.ReadJournalRequest(view=journal_reading_pb2.FULL), timeout=PATIENCE))
    # Correlation reads subjects meanwhile, and each reading is an entry too.
    expect([entry.sealed_no for entry in entries], list(range(1, len(entries) + 1)))
    expect(sum(entry.aggregate.startswith("requests/") for entry in entries), 3)
    for entry in entries:
        expect(entry.entry_hash, hashlib.sha256(b"\0" + entry.canonical).digest())
        expect(entry.canonical[0], 2)
        expect(journal_pb2.JournalEntry.FromString(entry.canonical[17:]).aggregate, entry.aggregate)
