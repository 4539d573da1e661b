//! The documented rules that several operations share, checked before anything is sent.

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};

use super::product_type::ProductType;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};

pub(super) fn check_not_empty(field: &'static str, text: &str) -> Result<(), InvalidRequest> {
    InvalidRequest::unless_empty(field, text)
}

pub(super) fn check_phone(field: &'static str, number: &PhoneNumber) -> Result<(), InvalidRequest> {
    number.check().map_err(|why| InvalidRequest::new(field, why.to_string()))
}

/// Checks that an expiration, in the whole seconds in which it is sent, is more than a minute ahead.
pub(super) fn check_expiration(expiration: DateTime<FixedOffset>, now: DateTime<Utc>) -> Result<(), InvalidRequest> {
    let ahead = TimeDelta::seconds(expiration.timestamp().saturating_sub(now.timestamp()));
    if ahead > TimeDelta::minutes(1) {
        Ok(())
    } else {
        Err(InvalidRequest::new("expiration", "must be more than a minute ahead"))
    }
}

pub(super) fn check_pool(pool_key: Option<&str>, product_type: Option<&ProductType>) -> Result<(), InvalidRequest> {
    match (pool_key, product_type) {
        (Some(key), _) => check_not_empty("pool_key", key),
        (None, Some(_)) => Ok(()),
        (None, None) => Err(InvalidRequest::new("pool_key", "is required unless `product_type` is given")),
    }
}

pub(super) fn check_optional_phone(field: &'static str, number: Option<&PhoneNumber>) -> Result<(), InvalidRequest> {
    number.map_or(Ok(()), |number| check_phone(field, number))
}

/// Checks that a virtual number is not empty. It may have any form.
pub(super) fn check_virtual(field: &'static str, number: &VirtualNumber) -> Result<(), InvalidRequest> {
    check_not_empty(field, number.expose())
}

pub(super) fn check_optional_virtual(
    field: &'static str,
    number: Option<&VirtualNumber>,
) -> Result<(), InvalidRequest> {
    number.map_or(Ok(()), |number| check_virtual(field, number))
}

/// Checks that there are at most `most` numbers, and that each is a phone number.
pub(super) fn check_phones(field: &'static str, numbers: &[PhoneNumber], most: usize) -> Result<(), InvalidRequest> {
    if numbers.len() > most {
        return Err(InvalidRequest::new(field, format!("must hold at most {most} numbers")));
    }
    for (index, number) in numbers.iter().enumerate() {
        number.check().map_err(|why| InvalidRequest::new(format!("{field}[{index}]"), why.to_string()))?;
    }
    Ok(())
}

/// Checks that there are at most `most` characters, not bytes.
pub(super) fn check_length(field: &'static str, text: Option<&str>, most: usize) -> Result<(), InvalidRequest> {
    match text {
        Some(text) if text.chars().count() > most => {
            Err(InvalidRequest::new(field, format!("must have at most {most} characters")))
        }
        _ => Ok(()),
    }
}

/// Prefixes the field of an error with the name of the part: `axg_bind_list[3].phone_no_a`.
pub(super) fn within(part: impl std::fmt::Display, checked: Result<(), InvalidRequest>) -> Result<(), InvalidRequest> {
    checked.map_err(|error| error.within(part))
}
