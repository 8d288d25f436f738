"""An SMTP server for tests: writes each message to a folder as N.eml, and misbehaves towards some recipients.

mail-server.py PORT FOLDER [login] [tls CERTIFICATE KEY]
refuse@… is refused (550), relay@… too but otherwise (554), busy@… gets 451 and full@… 452, hang@… no answer, and at cut@… the connection is cut.
"""
import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

ANSWERS = {"refuse": "550 5.1.1 <{0}> is unknown here", "relay": "554 5.7.1 <{0}> relay denied",
           "busy": "451 4.3.0 <{0}> try again later", "full": "452 4.2.2 <{0}> mailbox full"}


class Server(SMTP):
    async def smtp_AUTH(self, arg):
        """.NET writes the name of the mechanism in small letters, which aiosmtpd does not know."""
        name, blank, rest = (arg or "").partition(" ")
        await super().smtp_AUTH(name.upper() + blank + rest)


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        if name == "hang":
            await asyncio.sleep(3600)
        if name == "cut":
            server.transport.abort()
            return "421 gone"
        if name in ANSWERS:
            return ANSWERS[name].format(address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        name = os.path.join(self.folder, f"{self.count:04}")
        with open(name + ".part", "wb") as file:
            secure = "yes" if session.ssl else "no"
            login = session.auth_data or ""
            file.write(f"X-Secure: {secure}\r\nX-Login: {login}\r\nX-To: {','.join(envelope.rcpt_tos)}\r\n".encode())
            file.write(envelope.content)
        os.rename(name + ".part", name + ".eml")
        return "250 taken"


def check(server, session, envelope, mechanism, data):
    good = getattr(data, "login", b"") == b"alerts" and getattr(data, "password", b"") == b"secret"
    return AuthResult(success=good, handled=False, auth_data="alerts" if good else None)


async def serve(port, folder, options):
    arguments = {}
    if "login" in options:
        arguments.update(authenticator=check, auth_required=True, auth_require_tls=False)
    if "tls" in options:
        at = options.index("tls")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options[at + 1], options[at + 2])
        arguments.update(tls_context=context, require_starttls=True)
    handler = Handler(folder)
    server = await asyncio.get_running_loop().create_server(lambda: Server(handler, hostname="mail.test", **arguments), "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
