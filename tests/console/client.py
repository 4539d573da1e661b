"""Sends one request with the official client and prints the answer, or the code and the status of the refusal.

The arguments are the emulator's keys in JSON, the secret (`-` for the right one), the operation, and its parameters.
"""

import importlib
import json
import sys

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient

info, secret, action, *parameters = sys.argv[1:]
info = json.loads(info)
secret = info["access_key_secret"] if secret == "-" else secret
client = AcsClient(info["access_key_id"], secret, "cn-hangzhou", auto_retry=False, timeout=10)
module = importlib.import_module(f"aliyunsdkdyplsapi.request.v20170525.{action}Request")
request = getattr(module, f"{action}Request")()
request.set_accept_format("json")
request.set_endpoint(info["aliyun"].split("://", 1)[1])
for parameter in parameters:
    name, value = parameter.split("=", 1)
    getattr(request, f"set_{name}")(value)
try:
    print(client.do_action_with_exception(request).decode())
except ServerException as refusal:
    print(json.dumps({"Code": refusal.get_error_code(), "Status": refusal.get_http_status()}))
