//! The names of all operations, from the tables of the gateways.

use super::aliyun::{photo_upload, recording_file};
use super::{aliyun, mns, top};

/// The names of all operations of both gateways.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    top::names().chain(aliyun::names())
}

/// The names that a request can have in the ledger and for a fault: the operations of the gateways and on queues (`mns`
/// for all of those), the download of a recording, and the upload of a photo.
pub(crate) fn of_requests() -> impl Iterator<Item = &'static str> {
    let others = [recording_file::OPERATION, photo_upload::OPERATION, mns::ALL_OPERATIONS];
    names().chain(others).chain(mns::names())
}

/// Returns the name if it is one of [`of_requests`]. It is case-sensitive.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    of_requests().find(|known| *known == name)
}
