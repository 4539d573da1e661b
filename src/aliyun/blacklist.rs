//! Blacklists: the numbers that may not call over a pool's bindings.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::check::{check_not_empty, check_phone};
use super::product::Dyplsapi;
use super::response::response;
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;
use crate::operation::Operation;
use crate::redact::Private;
use crate::safety::Safety;
use crate::wire_enum::wire_enum;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        AddSecretBlacklist, AddSecretBlacklistResponse, BlackEntry, BlackOperateType, BlackType, DeleteSecretBlacklist,
        DeleteSecretBlacklistResponse, OperateBlackNo, OperateBlackNoResponse, WayControl,
    };
}

/// Adds a number to a pool's blacklist, or deletes it: `OperateBlackNo`.
///
/// For pools of the kinds AXN, AXN extension and 95 AXN. Idempotent: a second run leaves the same list (no document
/// says so). Documented limit: 1000 calls per second. Not charged.
///
/// # Errors
/// `isv.POOLKEY_NOT_EXISTS` (no such number pool). Refused before sending: a number that is not a valid
/// [`PhoneNumber`].
///
/// Source: Dyplsapi reference, chapter 8.4.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::{BlackOperateType, OperateBlackNo};
///
/// let add = OperateBlackNo::builder()
///     .pool_key(pool_key)
///     .black_no("15000000009")
///     .operate_type(BlackOperateType::Add)
///     .build();
/// client.send(&add).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "新增或删除黑名单")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(PhoneNumber, into), on(Private, into))]
#[non_exhaustive]
pub struct OperateBlackNo {
    /// The number pool's key.
    pub pool_key: String,
    /// One number.
    pub black_no: PhoneNumber,
    /// Add or delete.
    pub operate_type: BlackOperateType,
    /// A remark.
    pub tips: Option<Private>,
}

impl Operation for OperateBlackNo {
    type Gateway = Dyplsapi;
    type Output = OperateBlackNoResponse;
    const NAME: &'static str = "OperateBlackNo";
    const SAFETY: Safety = Safety::Idempotent;
    const QPS: Option<u32> = Some(1000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_phone("black_no", &self.black_no)
    }
}

response! {
    /// Confirms that the list was changed.
    OperateBlackNoResponse {
    }
}

wire_enum! {
    /// What to do with a number of a blacklist.
    BlackOperateType {
        /// `AddBlack`: add it.
        Add = "AddBlack",
        /// `DeleteBlack`: delete it.
        Delete = "DeleteBlack",
    }
}

/// Defines a request about one entry of a blacklist, with its response.
macro_rules! entry_request {
    (
        $(#[$meta:meta])* $request:ident,
        $(#[$response_meta:meta])* $response:ident,
        $(#[$entry_meta:meta])* entry,
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
        #[serde(rename_all = "PascalCase")]
        #[builder(on(String, into), on(Private, into))]
        // For the types of the builder: within a macro of this crate the lint sees them as written by hand.
        #[allow(missing_debug_implementations)]
        #[non_exhaustive]
        pub struct $request {
            /// The number pool's key.
            pub pool_key: String,
            $(#[$entry_meta])*
            #[serde(flatten)]
            pub entry: BlackEntry,
            /// A remark.
            pub remark: Option<Private>,
        }

        impl Operation for $request {
            type Gateway = Dyplsapi;
            type Output = $response;
            const NAME: &'static str = stringify!($request);
            const SAFETY: Safety = Safety::Idempotent;
            const QPS: Option<u32> = Some(100);

            fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
                check_not_empty("pool_key", &self.pool_key)?;
                self.entry.check()
            }
        }

        response! {
            $(#[$response_meta])*
            $response {}
        }
    };
}

entry_request! {
    /// Adds an entry to a blacklist, of two numbers or of one: `AddSecretBlacklist`.
    ///
    /// Idempotent: a second run leaves the same list (no document says so). Documented limit: 100 calls per second. Not
    /// charged.
    ///
    /// # Errors
    /// `RamPermissionDenied` (the RAM user lacks the permission). Refused before sending: numbers that are no
    /// [`PhoneNumber`]; there are no wildcards.
    ///
    /// Source: Dyplsapi reference, chapter 8.7.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::{AddSecretBlacklist, BlackEntry};
    ///
    /// let pair = BlackEntry::PointToPoint {
    ///     first: "15000000000".into(),
    ///     second: "15000000001".into(),
    ///     way_control: None,
    /// };
    /// client.send(&AddSecretBlacklist::builder().pool_key(pool_key).entry(pair).build()).await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "添加黑名单")]
    AddSecretBlacklist,
    /// Confirms that the entry was added.
    AddSecretBlacklistResponse,
    /// Who may not call: `BlackNo`, `BlackType` and `WayControl`.
    entry,
}

entry_request! {
    /// Deletes an entry of a blacklist: `DeleteSecretBlacklist`.
    ///
    /// Idempotent: a second run leaves the same list (no document says so). Documented limit: 100 calls per second. Not
    /// charged.
    ///
    /// # Errors
    /// `RamPermissionDenied` (the RAM user lacks the permission). Refused before sending: numbers that are no
    /// [`PhoneNumber`]; there are no wildcards.
    ///
    /// Source: Dyplsapi reference, chapter 8.8.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = privacy_number::emulator::Emulator::start().await?;
    /// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
    /// use privacy_number::aliyun::{AddSecretBlacklist, BlackEntry, DeleteSecretBlacklist};
    ///
    /// let entry = BlackEntry::Pool("15000000000".into());
    /// client.send(&AddSecretBlacklist::builder().pool_key(pool_key).entry(entry.clone()).build()).await?;
    /// client.send(&DeleteSecretBlacklist::builder().pool_key(pool_key).entry(entry).build()).await?;
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    #[doc(alias = "删除黑名单")]
    DeleteSecretBlacklist,
    /// Confirms that the entry was deleted.
    DeleteSecretBlacklistResponse,
    /// The entry, as it was added: `BlackNo`, `BlackType` and `WayControl`.
    entry,
}

/// An entry of a blacklist: `BlackType`, the `BlackNo` that goes with it, and `WayControl` where it has a meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlackEntry {
    /// `POINT_TO_POINT_BLACK`: between two numbers (点对点黑名单). Sent with a colon between them.
    PointToPoint {
        /// One of the two; the direction counts from it.
        first: PhoneNumber,
        /// The other.
        second: PhoneNumber,
        /// Which direction stays open; `None` closes both.
        way_control: Option<WayControl>,
    },
    /// `PARTNER_GLOBAL_NUMBER_BLACK`: a number for the whole pool (号池黑名单).
    Pool(PhoneNumber),
    /// A kind that this crate does not know, with `BlackNo` as that kind wants it.
    Other {
        /// The kind.
        black_type: BlackType,
        /// The number or numbers.
        black_no: Private,
    },
}

impl BlackEntry {
    /// The kind of entry on the wire.
    #[must_use]
    pub fn black_type(&self) -> BlackType {
        match self {
            Self::PointToPoint { .. } => BlackType::PointToPoint,
            Self::Pool(_) => BlackType::Pool,
            Self::Other { black_type, .. } => black_type.clone(),
        }
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        match self {
            Self::PointToPoint { first, second, .. } => {
                check_phone("entry.first", first)?;
                check_phone("entry.second", second)
            }
            Self::Pool(number) => check_phone("entry", number),
            Self::Other { black_type, black_no } => {
                check_not_empty("entry.black_type", black_type.as_str())?;
                check_not_empty("entry.black_no", black_no.expose())
            }
        }
    }
}

impl Serialize for BlackEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("BlackType", &self.black_type())?;
        match self {
            Self::PointToPoint { first, second, way_control } => {
                map.serialize_entry("BlackNo", &format!("{}:{}", first.expose(), second.expose()))?;
                map.serialize_entry("WayControl", way_control)?;
            }
            Self::Pool(number) => map.serialize_entry("BlackNo", number)?,
            Self::Other { black_no, .. } => map.serialize_entry("BlackNo", black_no)?,
        }
        map.end()
    }
}

wire_enum! {
    /// The kind of a blacklist's entry.
    BlackType {
        /// Two numbers (点对点黑名单).
        PointToPoint = "POINT_TO_POINT_BLACK",
        /// One number, for the whole pool (号池黑名单).
        Pool = "PARTNER_GLOBAL_NUMBER_BLACK",
    }
}

wire_enum! {
    /// Which direction stays open between the two numbers of an entry.
    WayControl {
        /// `PHONEA_REJECT`: the first may call the second; the second may not call the first.
        OnlyFirstCalls = "PHONEA_REJECT",
        /// `PHONEB_REJECT`: the second may call the first; the first may not call the second.
        OnlySecondCalls = "PHONEB_REJECT",
        /// `DUPLEX_REJECT`: neither may call the other, as without a value. Known from the official SDK only.
        NeitherCalls = "DUPLEX_REJECT",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, param, refused_field};

    fn add(entry: BlackEntry) -> AddSecretBlacklist {
        AddSecretBlacklist::builder().pool_key("FC123456").entry(entry).build()
    }

    fn pair(first: &str, second: &str, way_control: Option<WayControl>) -> BlackEntry {
        BlackEntry::PointToPoint { first: first.into(), second: second.into(), way_control }
    }

    #[test]
    fn the_documented_responses_are_read() {
        assert_eq!(answer_of::<OperateBlackNo>().code, "OK");
        assert_eq!(answer_of::<AddSecretBlacklist>().code, "OK");
        assert_eq!(answer_of::<DeleteSecretBlacklist>().code, "OK");
    }

    #[test]
    fn two_numbers_go_out_with_a_colon_and_one_without() {
        let both = add(pair("18200000000", "18200000001", Some(WayControl::OnlyFirstCalls)));
        assert_eq!(param(&both, "BlackNo").unwrap(), "18200000000:18200000001");
        assert_eq!(param(&both, "BlackType").unwrap(), "POINT_TO_POINT_BLACK");
        assert_eq!(param(&both, "WayControl").unwrap(), "PHONEA_REJECT");
        assert_eq!(param(&add(pair("18200000000", "18200000001", None)), "WayControl"), None);
        let one = add(BlackEntry::Pool("18200000000".into()));
        assert_eq!(param(&one, "BlackNo").unwrap(), "18200000000");
        assert_eq!(param(&one, "BlackType").unwrap(), "PARTNER_GLOBAL_NUMBER_BLACK");
        assert_eq!(param(&one, "WayControl"), None);
        let other = add(BlackEntry::Other { black_type: "NEW_BLACK".into(), black_no: "1825:1826".into() });
        assert_eq!(param(&other, "BlackType").unwrap(), "NEW_BLACK");
        assert_eq!(param(&other, "BlackNo").unwrap(), "1825:1826");
    }

    #[test]
    fn there_are_no_wildcards() {
        let now = Utc::now();
        assert_eq!(refused_field(&add(pair("182*", "18200000001", None)), now), "entry.first");
        assert_eq!(refused_field(&add(pair("18200000000", "", None)), now), "entry.second");
        assert_eq!(refused_field(&add(BlackEntry::Pool("182*".into())), now), "entry");
        let operate = OperateBlackNo::builder().pool_key("FC123456").black_no("1:2").operate_type("AddBlack".into());
        assert_eq!(refused_field(&operate.build(), now), "black_no");
    }
}
