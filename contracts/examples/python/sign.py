"""An officer's signature under an act: ES256 over the byte 0x02 and the serialised statement of the act."""

import hashlib
import pathlib
import secrets

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

import client  # noqa: F401 (makes the stubs)
from exchange.requests.v1 import acts_pb2, journal_pb2, request_registry_pb2, texts_pb2


class Signer:
    """Signs with a key, in the name of the certificate that the calls are made with."""

    def __init__(self, certificate, key):
        self._key = serialization.load_pem_private_key(pathlib.Path(key).read_bytes(), password=None)
        self._certificate = x509.load_pem_x509_certificate(pathlib.Path(certificate).read_bytes())

    def step(self, act, documents=()):
        """
        The act as TakeStep takes it: with the signature over its statement, and what opens the statement's commitments. Documents that it
        hands over are named by the commitments to their content.
        """
        statement, openings = split(act)
        for document in documents:
            statement.documents.add(document=document.name, commitment=document.commitment)
        # The very bytes signed go with it, for no other serialisation need be the same.
        content = b"\x02" + statement.SerializeToString()
        r, s = decode_dss_signature(self._key.sign(content, ec.ECDSA(hashes.SHA256())))
        return request_registry_pb2.TakeStepRequest(act=act, openings=openings, signature=journal_pb2.Signature(
            content=content, algorithm="ES256",
            # The library gives ASN.1; the wire has the two numbers one after the other, 32 bytes each (IEEE P1363).
            value=r.to_bytes(32, "big") + s.to_bytes(32, "big"),
            certificate=self._certificate.public_bytes(serialization.Encoding.DER)))


def split(act):
    """The statement, which leaves out every text and commits to it, and the openings of those commitments."""
    statement, openings = acts_pb2.ActStatement(act=act), []
    for owner, field, part in list(texts(statement.act)):
        value, salt = getattr(owner, field.name), secrets.token_bytes(32)
        content = value.encode() if isinstance(value, str) else value.SerializeToString()
        statement.commitments.add(part=part, hash=hashlib.sha256(salt + content).digest())
        openings.append(texts_pb2.Opening(part=part, salt=salt, content=content))
        owner.ClearField(field.name)
    return statement, openings


def texts(message, path=""):
    """The fields that the contract marks as text and that are not empty, in the order of their numbers."""
    for field, value in sorted(message.ListFields(), key=lambda pair: pair[0].number):
        if field.GetOptions().Extensions[texts_pb2.free_text]:
            yield message, field, path + field.name
        elif field.message_type and field.label == field.LABEL_REPEATED:
            for i, one in enumerate(value):
                yield from texts(one, f"{path}{field.name}[{i}].")
        elif field.message_type:
            yield from texts(value, f"{path}{field.name}.")
