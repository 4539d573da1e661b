use chrono::DateTime;

use crate::number::{NumberKind, PhoneNumber, VirtualNumber};

/// Parses any text as a virtual number, and as a number that a person wrote.
pub fn virtual_number(text: &str) {
    let number = VirtualNumber::from(text);
    assert_eq!(number.expose(), text.trim());
    assert_eq!(VirtualNumber::from(number.expose()), number);
    let json = serde_json::to_string(&number).unwrap();
    assert_eq!(serde_json::from_str::<VirtualNumber>(&json).unwrap(), number);
    assert_eq!(format!("{number:?} {:?}", number.dial()), "*** ***");
    assert!(number.masked().chars().count() <= 11, "a mask hides all but seven characters");

    let dial = number.dial();
    match dial.extension {
        Some(extension) => {
            assert_eq!(number.kind(), NumberKind::Extension);
            assert_eq!(format!("{}-{extension}", dial.number), number.expose());
        }
        None => assert_eq!(dial.number, number.expose()),
    }
    assert!(dial.to_string().starts_with(dial.number));
    let waybill = number.on_waybill("name", "address");
    assert_eq!(waybill.phone.expose(), dial.number);
    assert!(waybill.name.expose().starts_with("name") && waybill.address.expose().starts_with("address"));
    assert!(!(number.needs_caller_report() && number.can_receive_sms()));
    for completed in [DateTime::UNIX_EPOCH, DateTime::<chrono::Utc>::MAX_UTC] {
        let until = number.valid_until(completed);
        assert!(until.is_none_or(|until| until > completed));
    }
    real_number(text);
}

fn real_number(text: &str) {
    let unchecked = PhoneNumber::from(text);
    assert_eq!(unchecked.check().is_ok(), text.parse::<PhoneNumber>().is_ok());
    assert_eq!(format!("{unchecked:?}"), "***");
    if let Ok(number) = PhoneNumber::normalise(text) {
        assert_eq!(number.check(), Ok(()));
        assert_eq!(PhoneNumber::normalise(number.expose()), Ok(number));
    }
}
