"""A gateway's certificate is always checked; a root of one's own is trusted beside the usual ones."""

import datetime as dt
import ipaddress
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kabinet.common.errors import Unavailable
from kabinet.payments.gateways import wire


class Welcoming(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


def write_certificate(folder: Path) -> Path:
    """Write a certificate of this machine that nobody but itself vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "root.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def bank(tmp_path):
    """A server whose certificate the usual roots do not know: its address, and the file that does."""
    certificate = write_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Welcoming)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}/", str(certificate)
    server.shutdown()
    server.server_close()


def test_a_certificate_that_nobody_vouches_for_is_refused(bank):
    address, _ = bank

    with pytest.raises(Unavailable):
        wire.exchange("GET", address)


def test_a_root_of_ones_own_is_trusted(bank):
    address, ca_file = bank

    assert wire.exchange("GET", address, ca_file=ca_file).read_object() == {}


def test_a_file_for_one_gateway_is_not_trusted_for_another(bank):
    address, ca_file = bank
    wire.exchange("GET", address, ca_file=ca_file)

    with pytest.raises(Unavailable):
        wire.exchange("GET", address)
