#!/usr/bin/env python3
"""What a liaison officer does: hears of letters, confirms and reads them, asks, hands evidence in, answers."""

import argparse
import os
import pathlib
import sys
import time
import uuid

import grpc

from client import Client, again, explain, reason, say
from documents import download, upload
from sign import Signer
from exchange.requests.v1 import (
    acts_pb2, document_exchange_pb2, documents_pb2, facts_pb2, lifecycle_pb2, officer_inbox_pb2, request_registry_pb2 as pb)

OUTCOMES = {
    "executed": facts_pb2.OUTCOME_EXECUTED, "in-part": facts_pb2.OUTCOME_PARTIALLY_EXECUTED,
    "refused": facts_pb2.OUTCOME_REFUSED, "not-executable": facts_pb2.OUTCOME_NOT_EXECUTABLE,
}


def request(client, reference):
    return again(lambda: client.requests.GetRequest(pb.GetRequestRequest(name=f"requests/{reference.removeprefix('requests/')}")))


def take(client, signer, reference, documents=(), **step):
    """Takes a step on the request as it stands. Only steps that bind a state need the signature; it does no harm elsewhere."""
    while True:
        seen = request(client, reference)
        act = acts_pb2.Act(request=seen.name, etag=seen.etag, command_id=str(uuid.uuid4()), **step)
        try:
            return again(lambda: client.requests.TakeStep(signer.step(act, documents))).request
        except grpc.RpcError as error:
            # A letter that was amended must be read before it is answered, so that ends here.
            if error.code() is not grpc.StatusCode.ABORTED or reason(error) != "CHANGED_MEANWHILE":
                raise
            say("Somebody changed the request meanwhile; reading it again.")


def show_letter(client, name):
    letter = again(lambda: client.requests.GetLetter(pb.GetLetterRequest(name=name))).letter
    say(f"  {letter.requesting_authority}, case {letter.case_number}: {letter.subject_matter}")
    say(f"  Offence: {letter.offence}. {letter.facts_summary}")
    for measure in letter.measures:
        say(f"  Asked for: {measure.measure}. {measure.details}")
    if letter.answer_by:
        say(f"  By {letter.answer_by}: {letter.answer_by_reason}")


def show_reply(client, item):
    history = again(lambda: client.requests.GetHistory(pb.GetHistoryRequest(name=item.request)))
    for entry in history.entries:
        if entry.version == item.version:
            say(f"  Reply: {entry.act.provide_supplement.reply}")


def deal_with(client, signer, item):
    """May come twice for one item, when it was stopped before the number was kept; so each step is taken only if it still can be."""
    if item.step == lifecycle_pb2.TRANSMIT:
        if lifecycle_pb2.CONFIRM_DELIVERY in request(client, item.request).allowed_steps:
            take(client, signer, item.request, confirm_delivery=acts_pb2.ConfirmDelivery())
        show_letter(client, item.request)
        if lifecycle_pb2.ACKNOWLEDGE in request(client, item.request).allowed_steps:
            take(client, signer, item.request, acknowledge=acts_pb2.Acknowledge())
    elif item.step == lifecycle_pb2.AMEND:
        show_letter(client, item.request)
    elif item.step == lifecycle_pb2.PROVIDE_SUPPLEMENT:
        show_reply(client, item)


def watch(client, signer, seen):
    """Goes on from the number in the file; it alone says what is new."""
    number = int(seen.read_text()) if seen.exists() else 0
    while True:
        try:
            for news in client.inbox.WatchInbox(officer_inbox_pb2.WatchInboxRequest(after_sealed_no=number)):
                if news.HasField("item"):
                    deal_with(client, signer, news.item)
                number = news.sealed_no
                keep(seen, number)
                if news.HasField("item"):
                    item = news.item
                    print(item.sealed_no, lifecycle_pb2.StepCode.Name(item.step), item.reference, facts_pb2.Status.Name(item.status), flush=True)
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise
            say(f"The inbox is not reached ({error.details()}); going on after {number}.")
            time.sleep(1)


def keep(file, number):
    """Whole or not at all, whenever the machine stops."""
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.write_text(str(number))
    os.replace(unfinished, file)


def answer(client, signer, options):
    name = request(client, options.reference).name
    documents = [upload(client, name, file, options.handling) for file in options.evidence]
    measures = [facts_pb2.MeasureOutcome(measure=measure, done=ground == "done", ground="" if ground == "done" else ground)
                for measure, _, ground in (text.partition("=") for text in options.measure)]
    return take(client, signer, name, documents, answer=acts_pb2.GiveAnswer(
        outcome=OUTCOMES[options.outcome], ground=options.ground, text=options.text, measures=measures, final=options.final,
        evidence=[document.name for document in documents]))


def options_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", required=True, help="where the Requests service is, https://HOST:PORT")
    parser.add_argument("--persona", required=True, help="certificate and key of the officer, without .pem and .key")
    parser.add_argument("--anchor", required=True, help="certificate of the authority that the service's was issued by")
    parser.add_argument("--signing-key", help="another key for signatures than the persona's")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("watch").add_argument("--seen", type=pathlib.Path, default=pathlib.Path("inbox.seen"), help="keeps the last number heard")
    commands.add_parser("letter").add_argument("reference")
    asking = commands.add_parser("ask")
    asking.add_argument("reference")
    asking.add_argument("question")
    handing_in = commands.add_parser("upload")
    handing_in.add_argument("reference")
    handing_in.add_argument("file")
    answering = commands.add_parser("answer")
    answering.add_argument("reference")
    answering.add_argument("outcome", choices=OUTCOMES)
    answering.add_argument("--ground", default="", help="a code of refusal-grounds")
    answering.add_argument("--text", default="")
    answering.add_argument("--measure", action="append", default=[], metavar="CODE=done|CODE=GROUND")
    answering.add_argument("--final", action="store_true", help="in part, and nothing more will come")
    answering.add_argument("--evidence", action="append", default=[], metavar="FILE")
    for command in (handing_in, answering):
        command.add_argument("--handling", choices=["H0", "H1", "H2", "H3"], default="H1", help="what the receiver may do with the evidence")
    commands.add_parser("documents").add_argument("reference")
    downloading = commands.add_parser("download")
    downloading.add_argument("document")
    downloading.add_argument("file")
    downloading.add_argument("--case", default="",
                             help="a case of your state that you work on and a colleague opened, if the request is not entrusted to you")
    return parser.parse_args(arguments)


def main(options):
    client = Client(options.requests, options.persona, options.anchor)
    signer = Signer(f"{options.persona}.pem", options.signing_key or f"{options.persona}.key")
    if options.command == "watch":
        watch(client, signer, options.seen)
    elif options.command == "letter":
        show_letter(client, request(client, options.reference).name)
    elif options.command == "upload":
        print(upload(client, request(client, options.reference).name, options.file, options.handling).name)
    elif options.command == "documents":
        wanted = document_exchange_pb2.ListDocumentsRequest(request=request(client, options.reference).name)
        for document in again(lambda: client.documents.ListDocuments(wanted)).documents:
            print(document.name, documents_pb2.DocumentKind.Name(document.kind), document.size, document.title)
    elif options.command == "download":
        print(download(client, options.document, options.file, options.case).sha256.hex())
    else:
        after = answer(client, signer, options) if options.command == "answer" else take(
            client, signer, options.reference, request_supplement=acts_pb2.RequestSupplement(question=options.question))
        print(after.facts.reference, facts_pb2.Status.Name(after.facts.status))


if __name__ == "__main__":
    try:
        main(options_of(sys.argv[1:]))
    except grpc.RpcError as refused:
        sys.exit(explain(refused))
    except (OSError, ValueError) as failed:
        sys.exit(str(failed))
    except KeyboardInterrupt:
        sys.exit(130)
