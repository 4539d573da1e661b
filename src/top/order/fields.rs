//! The names of the members of an order that a request asks for.

use serde::{Serialize, Serializer};

use crate::invalid::InvalidRequest;

/// What an OAID is made of. TOP returns no OAID unless the request names all five.
const INGREDIENTS: [&str; 5] = ["receiver_name", "receiver_address", "created", "receiver_mobile", "receiver_phone"];

/// Which members of an order a request asks for.
///
/// Always contains `tid`, `oaid` and the five members that an OAID is made of: without all five TOP returns no OAID.
/// What else is asked for is returned, but read only if [`Trade`](super::Trade) has it.
///
/// ```
/// use privacy_number::top::TradeFields;
///
/// let fields = TradeFields::new(["status"]);
/// let text = "tid,oaid,receiver_name,receiver_address,created,receiver_mobile,receiver_phone,status";
/// assert_eq!(fields.to_string(), text);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TradeFields(Vec<String>);

impl TradeFields {
    /// The fields that are always named, and these. A member of a list is named with a dot: `orders.oid`.
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let mut fields = Self(["tid", "oaid"].into_iter().chain(INGREDIENTS).map(str::to_owned).collect());
        for name in names {
            let name = name.as_ref().trim();
            if !fields.0.iter().any(|field| field == name) {
                fields.0.push(name.to_owned());
            }
        }
        fields
    }

    /// All members of [`Trade`](super::Trade) that the lists return.
    pub(super) fn of_list() -> Self {
        Self::new([
            "status",
            "modified",
            "pay_time",
            "end_time",
            "seller_nick",
            "buyer_open_uid",
            "receiver_country",
            "receiver_state",
            "receiver_city",
            "receiver_district",
            "receiver_town",
        ])
    }

    /// All members of [`Trade`](super::Trade).
    pub(super) fn of_one_order() -> Self {
        let mut fields = Self::of_list();
        fields.0.extend(["tid_str", "lm", "is_cycle_buy", "delivery_plan", "orders"].map(str::to_owned));
        fields
    }

    pub(super) fn validate(&self) -> Result<(), InvalidRequest> {
        let is_name = |name: &String| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte))
        };
        if self.0.iter().all(is_name) { Ok(()) } else { Err(InvalidRequest::new("fields", "must be names of members")) }
    }
}

impl std::fmt::Display for TradeFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

impl Serialize for TradeFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
