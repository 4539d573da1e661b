//! What every answer of the message service has.

use crate::emulator::answer::{Members, xml_in_namespace};

pub(crate) const REQUEST_ID_HEADER: &str = "x-mns-request-id";
pub(crate) const VERSION_HEADER: &str = "x-mns-version";
pub(crate) const VERSION: &str = "2015-06-06";
pub(super) const CONTENT_TYPE: &str = "text/xml;charset=utf-8";
/// The endpoint of the real queues, which belong to the account of Alibaba Communications.
pub(super) const HOST_ID: &str = "http://1943695596114318.mns.cn-hangzhou.aliyuncs.com";
const NAMESPACE: &str = "http://mns.aliyuncs.com/doc/v1/";

pub(super) fn document(root: &str, members: &Members) -> String {
    xml_in_namespace(NAMESPACE, root, members)
}
