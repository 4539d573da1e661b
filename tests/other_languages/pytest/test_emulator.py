import json
import subprocess
import urllib.request

import pytest
from alibabacloud_dyplsapi20170525 import models
from alibabacloud_dyplsapi20170525.client import Client
from alibabacloud_tea_openapi.models import Config


@pytest.fixture(scope="session")
def emulator():
    command = ["privacy-number-emulator", "--port", "0", "--json", "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    yield json.loads(process.stdout.readline())  # it is printed when the emulator serves
    process.terminate()


@pytest.fixture
def control(emulator):
    def post(path, **body):
        request = urllib.request.Request(f"{emulator['aliyun']}/_emulator/{path}", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))

    yield post
    post("reset")


@pytest.fixture
def client(emulator):
    return Client(Config(access_key_id=emulator["access_key_id"], access_key_secret=emulator["access_key_secret"],
                         endpoint=emulator["aliyun"].removeprefix("http://"), protocol="http"))


@pytest.fixture
def bind(emulator):
    return models.BindAxnRequest(pool_key=emulator["pool_key"], phone_no_a="15000000000",
                                 expiration="2099-01-01 00:00:00")


def test_a_call_rings_at_the_bound_number(client, control, bind):
    number = client.bind_axn(bind).body.secret_bind_dto.secret_no
    assert control("calls", caller="15000000001", x=number)["rung"] == "15000000000"


def test_the_gateway_is_throttled_once(client, control, bind):
    control("faults", fault="throttled", scope="app", on="BindAxn", times=1)
    with pytest.raises(Exception, match="Throttling.User"):
        client.bind_axn(bind)
    assert client.bind_axn(bind).body.code == "OK"
