"""An officer's signature under an act: ES256 over the byte 0x01 and the serialised act."""

import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

import client  # noqa: F401 (makes the stubs)
from exchange.requests.v1 import journal_pb2


class Signer:
    """Signs with a key, in the name of the certificate that the calls are made with."""

    def __init__(self, certificate, key):
        self._key = serialization.load_pem_private_key(pathlib.Path(key).read_bytes(), password=None)
        self._certificate = x509.load_pem_x509_certificate(pathlib.Path(certificate).read_bytes())

    def sign(self, act):
        """The very bytes signed go with it, for no other serialisation need be the same."""
        content = b"\x01" + act.SerializeToString()
        r, s = decode_dss_signature(self._key.sign(content, ec.ECDSA(hashes.SHA256())))
        return journal_pb2.Signature(
            content=content, algorithm="ES256",
            # The library gives ASN.1; the wire has the two numbers one after the other, 32 bytes each (IEEE P1363).
            value=r.to_bytes(32, "big") + s.to_bytes(32, "big"),
            certificate=self._certificate.public_bytes(serialization.Encoding.DER))
