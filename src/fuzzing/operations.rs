use std::fmt::Debug;
use std::sync::LazyLock;

use super::errors::assert_shows_nothing_private;
use super::failure::assert_reports_no_failure;
use crate::error::Error;
use crate::operation::{Gateway, Operation};
use crate::send::RawResponse;
use crate::{aliyun, top};

/// Reads an answer as one operation's.
pub(super) type Reader<Client> = fn(&Client, &RawResponse);

/// One for each operation of TOP, in the order of the list of operations.
pub(super) static TOP: LazyLock<Vec<Reader<top::Client>>> =
    LazyLock::new(|| READERS.iter().filter_map(of_top).collect());

/// One for each operation of Aliyun, in the order of the list of operations.
pub(super) static ALIYUN: LazyLock<Vec<Reader<aliyun::Client>>> =
    LazyLock::new(|| READERS.iter().filter_map(of_aliyun).collect());

/// A reader for the client of the operation's gateway.
enum AnyReader {
    Top(Reader<top::Client>),
    Aliyun(Reader<aliyun::Client>),
}

fn of_top(reader: &AnyReader) -> Option<Reader<top::Client>> {
    match reader {
        AnyReader::Top(reader) => Some(*reader),
        AnyReader::Aliyun(_) => None,
    }
}

fn of_aliyun(reader: &AnyReader) -> Option<Reader<aliyun::Client>> {
    match reader {
        AnyReader::Aliyun(reader) => Some(*reader),
        AnyReader::Top(_) => None,
    }
}

macro_rules! reader {
    (top $operation:ident) => {
        AnyReader::Top(|client, answer| check::<top::$operation>(client.answered::<top::$operation>(answer), answer))
    };
    (aliyun $operation:ident) => {
        AnyReader::Aliyun(|client, answer| {
            check::<aliyun::$operation>(client.answered::<aliyun::$operation>(answer), answer)
        })
    };
}

macro_rules! readers {
    (() $($gateway:ident $family:literal { $($operation:ident $does:literal,)* })*) => {
        &[$($(reader!($gateway $operation),)*)*]
    };
}

const READERS: &[AnyReader] = crate::operations!(readers);

fn check<O: Operation<Output: Debug>>(result: Result<O::Output, Error>, answer: &RawResponse) {
    match result {
        Ok(output) => {
            assert_reports_no_failure(&answer.body, <O::Gateway as Gateway>::NAME == top::Top::NAME);
            drop(format!("{output:?}"));
        }
        Err(error) => assert_shows_nothing_private(&error),
    }
}
