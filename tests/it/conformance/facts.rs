//! The constants of an operation: its safety, its calls per second, whether it is charged, its HTTP method.

use super::Report;
use crate::catalogue;
use crate::samples::{Sample, is_top};

pub(super) fn check<O: Sample>() -> Report {
    let entry = catalogue::entry(O::NAME);
    let mut report = Report::new(O::NAME);
    report.check(O::SAFETY == entry.safety, || format!("{:?}, documented is {:?}", O::SAFETY, entry.safety));
    let limit_is_documented = match O::QPS {
        Some(limit) => entry.qps.contains(&limit.into()),
        None => entry.qps.is_empty(),
    };
    report.check(limit_is_documented, || format!("{:?} calls per second, documented is {:?}", O::QPS, entry.qps));
    report.check(O::CHARGED == entry.charged, || format!("charged: {}, documented is {}", O::CHARGED, entry.charged));
    let session_is_documented = entry.session.is_none_or(|session| session == O::SESSION);
    report.check(session_is_documented, || format!("session {:?}, documented is {:?}", O::SESSION, entry.session));
    report.check(is_top::<O>() || O::POST_ONLY != entry.takes_get, || {
        "POST only, or not, unlike the documents".to_owned()
    });
    report
}
