"""Signs a token for the embedded SMS Sender: Python 3, HS256, standard library only.

This belongs on your server, behind your own sign-in. The secret never reaches a browser.

    python3 sign.py acme.secret ISS KID SUB AUD ORIGIN NAME SCOPES

With PyJWT (pip install "pyjwt[crypto]") and a private key in PEM it is EdDSA, and the secret need
not be shared: jwt.encode(claims, pem, algorithm="EdDSA", headers={"kid": key_id}).
"""

import base64
import hashlib
import hmac
import json
import sys
import time
import uuid


def sign_token(secret, issuer, key_id, user, audience, origin, name, scopes):
    """A token that is good for one minute and for one use."""
    now = int(time.time())
    header = {"alg": "HS256", "typ": "JWT", "kid": key_id}
    claims = {
        "iss": issuer,  # your tenant's id at the sender
        "sub": user,  # your own id of the user who is signed in: never one for all
        "name": name,  # what to call them
        "aud": audience,  # where the sender is served, without a slash at the end
        "origin": origin,  # the origin of your page that has the element
        "scopes": scopes,  # of compose, submit and view: no more than this user may do
        "iat": now,
        "exp": now + 60,  # 300 seconds at most
        "jti": str(uuid.uuid4()),  # random, so that the token can be used only once
    }
    text = b".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
    return (text + b"." + _base64(hmac.new(secret, text, hashlib.sha256).digest())).decode()


def _base64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


if __name__ == "__main__":
    file, *rest, scopes = sys.argv[1:]
    with open(file, "rb") as opened:
        # White space around the secret does not count, here or at the sender.
        print(sign_token(opened.read().strip(), *rest, scopes.split(",")))
