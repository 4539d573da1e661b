//! Phone numbers: [`PhoneNumber`] for real ones, [`VirtualNumber`] for virtual ones. The types keep them apart.

mod phone;
mod virtual_number;

pub use phone::{InvalidPhoneNumber, PhoneNumber};
pub use virtual_number::{Dial, NumberKind, VirtualNumber, WaybillReceiver};

/// The first three and the last four digits of a number, to show to people; only stars for a short text.
fn mask_number(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    match (characters.first_chunk::<3>(), characters.last_chunk::<4>()) {
        (Some(head), Some(tail)) if characters.len() > 7 => {
            head.iter().copied().chain("****".chars()).chain(tail.iter().copied()).collect()
        }
        _ => "****".to_owned(),
    }
}
