"""Requests to AWS signed by botocore, which does nothing else here: it sends, looks up and logs nothing.

botocore is installed where a KMS is wanted (requirements/kms.txt), so this module is imported when one is set.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from service.adapters.master.aws_credentials import AwsCredentials

logging.getLogger("botocore").setLevel(logging.WARNING)  # below that it logs what it signs, with the session's token


def signed(url: str, headers: Mapping[str, str], body: bytes, keys: AwsCredentials, region: str) -> dict[str, str]:
    """The headers of a POST to the KMS at `url`, with those that sign it (Signature Version 4): good for five minutes.

    Method, host, path, these headers and the body are signed. `url` has no query.
    """
    request = AWSRequest("POST", url, headers=dict(headers), data=body)
    SigV4Auth(keys, "kms", region).add_auth(request)
    return {name: str(value) for name, value in request.headers.items()}
