//! The names of all operations, from the tables of the gateways.

use super::aliyun::{photo_upload, recording_file};
use super::{aliyun, mns, top};

/// The names of all operations of both gateways.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    top::names().chain(aliyun::names())
}

/// Returns the name of a known operation of a gateway or on queues, of the download of a recording, or of the upload of
/// a photo. The name is case-sensitive.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    let others = [recording_file::OPERATION, photo_upload::OPERATION, mns::ALL_OPERATIONS];
    names().chain(others).find(|known| *known == name).or_else(|| mns::is_operation(name))
}
