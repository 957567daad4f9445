"""An S3-compatible service for the tests: moto on a free port of the loopback, in memory, gone at the end.

Run as a program, it plays a command with `VANTHU_BLOBS` set: `scripts/test_s3.py .venv/bin/pytest tests/registry`.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

BUCKET = "vanthu-tests"
REGION = "ha-noi-1"


@contextmanager
def test_bucket() -> Iterator[dict[str, str]]:
    """A service with one empty bucket; gives the variables of an installation that stores its files there."""
    import boto3.session
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        endpoint = "http://{}:{}".format(*server.get_host_and_port())
        key = {"aws_access_key_id": "vanthu", "aws_secret_access_key": "for-tests-only"}
        client = boto3.session.Session().client("s3", endpoint_url=endpoint, region_name=REGION, **key)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        client.close()
        yield {
            "VANTHU_BLOBS": f"s3://{BUCKET}/suite?endpoint={endpoint}&region={REGION}",
            "VANTHU_BLOBS_KEY": key["aws_access_key_id"],
            "VANTHU_BLOBS_SECRET": key["aws_secret_access_key"],
        }
    finally:
        server.stop()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit("usage: scripts/test_s3.py COMMAND [ARGUMENT …]")
    with test_bucket() as variables:
        sys.exit(subprocess.run(sys.argv[1:], env={**os.environ, **variables}, check=False).returncode)
