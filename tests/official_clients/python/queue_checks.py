"""The checks of the queues of receipts: the official token request, and both official clients of the message service."""

import json
import urllib.request

import aliyunsdkdybaseapi.mns.account
import mns.account
from aliyunsdkcore.client import AcsClient
from aliyunsdkdybaseapi.mns.mns_exception import MNSServerException as BundledException
from aliyunsdkdybaseapi.request.v20170525.QueryTokenForMnsQueueRequest import QueryTokenForMnsQueueRequest
from mns.mns_exception import MNSServerException

MESSAGE_TYPE = "SecretReport"


class QueueChecks:
    """Each check receives and deletes all messages that it publishes."""

    def __init__(self, info):
        info = json.load(urllib.request.urlopen(info["aliyun"] + "/_emulator/info"))
        self.info = info
        self.queue_name = info["queues"][MESSAGE_TYPE]
        client = AcsClient(info["access_key_id"], info["access_key_secret"], "cn-hangzhou", auto_retry=False, timeout=10)
        request = QueryTokenForMnsQueueRequest()
        request.set_accept_format("json")
        request.set_endpoint(info["aliyun"].split("://", 1)[1])
        request.set_MessageType(MESSAGE_TYPE)
        request.set_QueueName(self.queue_name)
        answer = json.loads(client.do_action_with_exception(request))
        assert answer["Code"] == "OK", answer
        self.token = answer["MessageTokenDTO"]

    def publish(self, count):
        for number in range(count):
            receipt = {"type": MESSAGE_TYPE, "body": {"call_id": f"call-{number}"}}
            request = urllib.request.Request(self.info["aliyun"] + "/_emulator/receipts", json.dumps(receipt).encode(),
                                             {"Content-Type": "application/json"})
            urllib.request.urlopen(request).read()

    def queue(self, module, secret=None):
        account = module.account.Account(self.info["mns"], self.token["AccessKeyId"],
                                         secret or self.token["AccessKeySecret"], self.token["SecurityToken"])
        return account.get_queue(self.queue_name)

    def message_service(self):
        """aliyun-mns-sdk"""
        queue = self.queue(mns)
        self.publish(20)
        assert json.loads(queue.peek_message().message_body) == {"call_id": "call-0"}
        first = queue.receive_message(1)
        assert first.dequeue_count == 1 and first.next_visible_time - first.first_dequeue_time == 30_000, first
        queue.delete_message(first.receipt_handle)
        batch = queue.batch_receive_message(16, 1)
        assert [json.loads(message.message_body)["call_id"] for message in batch] == [f"call-{n}" for n in range(1, 17)]
        queue.batch_delete_message([message.receipt_handle for message in batch])
        rest = queue.batch_receive_message(16, 1)
        assert len(rest) == 3, rest
        try:
            queue.batch_delete_message([rest[0].receipt_handle, first.receipt_handle])
            raise AssertionError("a handle was accepted twice")
        except MNSServerException as refusal:
            failed = [(error["ErrorCode"], error["ReceiptHandle"]) for error in refusal.sub_errors]
            assert failed == [("MessageNotExist", first.receipt_handle)], failed
        queue.batch_delete_message([message.receipt_handle for message in rest[1:]])
        self.is_refused(lambda: queue.batch_receive_message(16, 1), MNSServerException, "MessageNotExist")
        wrong = self.queue(mns, secret="wrong")
        self.is_refused(lambda: wrong.receive_message(0), MNSServerException, "SignatureDoesNotMatch")

    def bundled_message_service(self):
        """the client of MNS in aliyun-python-sdk-dybaseapi"""
        queue = self.queue(aliyunsdkdybaseapi.mns)
        self.publish(2)
        batch = queue.batch_receive_message(16, 1)
        assert [json.loads(message.message_body)["call_id"] for message in batch] == ["call-0", "call-1"]
        queue.batch_delete_message([message.receipt_handle for message in batch])
        self.is_refused(lambda: queue.batch_receive_message(16, 0), BundledException, "MessageNotExist")

    @staticmethod
    def is_refused(call, exception, code):
        try:
            call()
        except exception as refusal:
            assert refusal.type == code, refusal
            return
        raise AssertionError(f"the call was not refused with {code}")
