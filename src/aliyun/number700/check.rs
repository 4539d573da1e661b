//! The documented rules that the operations of this family share, checked before anything is sent.

use crate::aliyun::check::check_not_empty;
use crate::invalid::InvalidRequest;
use crate::number::VirtualNumber;

/// Checks that X is a 700 number, so that no number of the older kinds and no masked one is sent.
pub(super) fn check_number_x(number: &VirtualNumber) -> Result<(), InvalidRequest> {
    let text = number.expose();
    if text.starts_with("700") && is_digits(text) {
        Ok(())
    } else {
        Err(InvalidRequest::new("tel_x", "must be a 700 number: digits that begin with 700"))
    }
}

/// Checks the id of a binding, which is a number of 64 bits on the wire.
pub(super) fn check_subs_id(id: &str) -> Result<(), InvalidRequest> {
    if is_digits(id) && id.parse::<i64>().is_ok() {
        Ok(())
    } else {
        Err(InvalidRequest::new("subs_id", "must be the digits of a number of 64 bits"))
    }
}

/// Checks the order of a bind: exactly one of its two identifiers.
pub(super) fn check_one_order(order_id: Option<&str>, industrial_id: Option<&str>) -> Result<(), InvalidRequest> {
    if order_id.is_some() && industrial_id.is_some() {
        return Err(InvalidRequest::new("industrial_id", "must not be given beside `order_id`"));
    }
    check_order(order_id, industrial_id)
}

/// Checks the order of an existing binding: at least one of its two identifiers.
pub(super) fn check_order(order_id: Option<&str>, industrial_id: Option<&str>) -> Result<(), InvalidRequest> {
    if order_id.is_none() && industrial_id.is_none() {
        return Err(InvalidRequest::new("order_id", "is required unless `industrial_id` is given"));
    }
    check_identifier("order_id", order_id)?;
    check_identifier("industrial_id", industrial_id)
}

fn check_identifier(field: &'static str, text: Option<&str>) -> Result<(), InvalidRequest> {
    let Some(text) = text else { return Ok(()) };
    check_not_empty(field, text)?;
    if text.chars().any(is_invisible) {
        return Err(InvalidRequest::new(field, "must not contain spaces, line breaks or other invisible characters"));
    }
    Ok(())
}

fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        // Of no width: joiners, marks of direction, the byte order mark.
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
