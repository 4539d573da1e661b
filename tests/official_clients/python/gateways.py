"""Alibaba Cloud's gateway through the official clients, one class for each generation of them."""

import importlib
import json
import pkgutil

import aliyunsdkdyplsapi.request.v20170525 as dyplsapi
from aliyunsdkcore.client import AcsClient
from alibabacloud_dyplsapi20170525 import models
from alibabacloud_dyplsapi20170525.client import Client
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions


class Gateway:
    """What both generations share: an operation is called by its name, with the parameters of the wire."""

    def __init__(self):
        self.tried = set()

    def call(self, action, product, parameters):
        """The answer of an operation. The packages are of one product, which they know themselves."""
        answer = self.send(action, parameters)
        self.tried.add(action)
        return answer


class FirstGeneration(Gateway):
    """`aliyun-python-sdk-dyplsapi`."""

    name = "aliyun-python-sdk-dyplsapi"
    signature = "1.0"

    def __init__(self, info, secret=None):
        super().__init__()
        self.client = AcsClient(info["access_key_id"], secret or info["access_key_secret"], "cn-hangzhou",
                                auto_retry=False, timeout=10)
        self.host = info["aliyun"].split("://", 1)[1]

    @staticmethod
    def shipped():
        """The names of all operations that the client has."""
        return {name.removesuffix("Request") for _, name, _ in pkgutil.iter_modules(dyplsapi.__path__)}

    def send(self, action, parameters):
        module = importlib.import_module(f"{dyplsapi.__name__}.{action}Request")
        request = getattr(module, f"{action}Request")()
        request.set_accept_format("json")
        request.set_endpoint(self.host)
        for name, value in parameters.items():
            getattr(request, f"set_{name}")(value)
        answer = json.loads(self.client.do_action_with_exception(request))
        assert answer["RequestId"], answer
        return answer


class NewGeneration(Gateway):
    """`alibabacloud-dyplsapi20170525` as it comes: it signs by ACS3-HMAC-SHA256."""

    name = "alibabacloud-dyplsapi20170525"
    signature = "ACS3"
    signature_algorithm = None

    def __init__(self, info, secret=None):
        super().__init__()
        self.client = Client(Config(access_key_id=info["access_key_id"],
                                    access_key_secret=secret or info["access_key_secret"],
                                    endpoint=info["aliyun"].split("://", 1)[1], protocol="HTTP",
                                    signature_algorithm=self.signature_algorithm))

    @staticmethod
    def methods():
        """The methods by the name of the operation in lower case: their own names put the underscores anywhere."""
        suffix = "withoptions"
        plain = {method.replace("_", ""): method for method in dir(Client)}
        return {name.removesuffix(suffix): method for name, method in plain.items() if name.endswith(suffix)}

    @classmethod
    def shipped(cls):
        """The names of all operations that the client has."""
        methods = cls.methods()
        requests = {name.removesuffix("Request") for name in dir(models) if name.endswith("Request")}
        return {name for name in requests if name.lower() in methods}

    def send(self, action, parameters):
        request = getattr(models, f"{action}Request")().from_map(parameters)
        sent = {name: value for name, value in request.to_map().items() if value is not None and value != []}
        assert set(sent) == set(parameters), f"{action} has no {set(parameters) - set(sent)}"
        method = getattr(self.client, self.methods()[action.lower()])
        return method(request, RuntimeOptions(autoretry=False)).to_map()["body"]


class NewGenerationV2(NewGeneration):
    """The same, set to sign as the first generation does."""

    signature = "1.0"
    signature_algorithm = "v2"
