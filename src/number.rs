//! Phone numbers: real ones as [`PhoneNumber`], virtual ones as [`VirtualNumber`]; one never passes for the other.

mod phone;
mod virtual_number;

pub use phone::{InvalidPhoneNumber, PhoneNumber};
pub use virtual_number::{Dial, NumberKind, VirtualNumber, WaybillReceiver};

/// The first three and last four digits of a number, for screens that people look at; stars alone for a short text.
fn mask_number(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    match (characters.first_chunk::<3>(), characters.last_chunk::<4>()) {
        (Some(head), Some(tail)) if characters.len() > 7 => {
            head.iter().copied().chain("****".chars()).chain(tail.iter().copied()).collect()
        }
        _ => "****".to_owned(),
    }
}
