//! G groups: the numbers that reach A over an AXG binding.

use bon::Builder;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::check::{check_length, check_not_empty, check_phones};
use super::product::Dyplsapi;
use super::response::response;
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::PhoneNumber;
use crate::operation::Operation;
use crate::params::comma_separated;
use crate::redact::Private;
use crate::safety::Safety;
use crate::wire_enum::wire_enum;

/// The public types of this family, without the builder types that `bon` generates.
pub(super) mod exports {
    pub use super::{
        CreateAxgGroup, CreateAxgGroupResponse, DeleteAxgGroup, DeleteAxgGroupResponse, GroupOperateType,
        OperateAxgGroup, OperateAxgGroupResponse,
    };
}

/// The most numbers that one call to a G group may hold.
const MAX_NUMBERS: usize = 200;

/// Creates a G group: `CreateAxgGroup`.
///
/// At most 200 numbers at once, at most 2000 groups in a pool. Once: each run creates another group. Documented limit
/// (official metadata): 5000 calls per second. Not charged.
///
/// # Errors
/// Refused before sending: more than 200 numbers, a number that is not a valid [`PhoneNumber`], an empty name or one
/// over 128 characters, a remark over 256. (The official metadata says 16 and 50 characters: a longer text may be
/// refused by the platform.)
///
/// Source: Dyplsapi reference, chapter 4.5.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::CreateAxgGroup;
///
/// let create = CreateAxgGroup::builder().pool_key(pool_key).name("desk").numbers(["4001234567"]).build();
/// assert!(!client.send(&create).await?.group_id.is_empty());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "创建G号码组")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(Private, into))]
#[non_exhaustive]
pub struct CreateAxgGroup {
    /// The number pool's key.
    pub pool_key: String,
    /// The group's name, 1 to 128 characters; its id by default.
    pub name: Option<Private>,
    /// A remark, at most 256 characters.
    pub remark: Option<Private>,
    /// The first numbers, at most 200.
    #[builder(default, with = |numbers: impl IntoIterator<Item = impl Into<PhoneNumber>>| numbers.into_iter().map(Into::into).collect())]
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "comma_separated")]
    pub numbers: Vec<PhoneNumber>,
}

impl Operation for CreateAxgGroup {
    type Gateway = Dyplsapi;
    type Output = CreateAxgGroupResponse;
    const NAME: &'static str = "CreateAxgGroup";
    const SAFETY: Safety = Safety::Once;
    const QPS: Option<u32> = Some(5000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        if let Some(name) = &self.name {
            check_not_empty("name", name.expose())?;
        }
        check_length("name", self.name.as_ref().map(Private::expose), 128)?;
        check_length("remark", self.remark.as_ref().map(Private::expose), 256)?;
        check_phones("numbers", &self.numbers, MAX_NUMBERS)
    }
}

response! {
    /// The new group.
    CreateAxgGroupResponse {
        /// The group's id: bindings and later changes need it.
        #[serde(deserialize_with = "lenient::text")]
        group_id: String,
    }
}

/// Adds numbers to a G group, deletes some or replaces all: `OperateAxgGroup`.
///
/// At most 200 numbers in a call. Idempotent: a second run leaves the same group (no document says so). Documented
/// limit: 5000 calls per second. Not charged.
///
/// # Errors
/// Refused before sending: no number or more than 200, a number that is not a valid [`PhoneNumber`].
///
/// Source: Dyplsapi reference, chapter 4.6.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::{GroupOperateType, OperateAxgGroup};
///
/// # let group = privacy_number::aliyun::CreateAxgGroup::builder().pool_key(pool_key).numbers(["4001234567"]).build();
/// # let group_id = client.send(&group).await?.group_id;
/// let change = OperateAxgGroup::builder()
///     .pool_key(pool_key)
///     .group_id(group_id)
///     .operate_type(GroupOperateType::AddNumbers)
///     .numbers(["01012345678"])
///     .build();
/// client.send(&change).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "修改G号码组")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct OperateAxgGroup {
    /// The number pool's key.
    pub pool_key: String,
    /// The group's id.
    pub group_id: String,
    /// Add, delete or replace.
    pub operate_type: GroupOperateType,
    /// 1 to 200 numbers.
    #[builder(with = |numbers: impl IntoIterator<Item = impl Into<PhoneNumber>>| numbers.into_iter().map(Into::into).collect())]
    #[serde(serialize_with = "comma_separated")]
    pub numbers: Vec<PhoneNumber>,
}

impl Operation for OperateAxgGroup {
    type Gateway = Dyplsapi;
    type Output = OperateAxgGroupResponse;
    const NAME: &'static str = "OperateAxgGroup";
    const SAFETY: Safety = Safety::Idempotent;
    const QPS: Option<u32> = Some(5000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_not_empty("group_id", &self.group_id)?;
        if self.numbers.is_empty() {
            return Err(InvalidRequest::new("numbers", "must hold at least one number"));
        }
        check_phones("numbers", &self.numbers, MAX_NUMBERS)
    }
}

response! {
    /// Confirms that the group was changed.
    OperateAxgGroupResponse {
    }
}

wire_enum! {
    /// What to do with the numbers of a G group.
    GroupOperateType {
        /// `addNumbers`: add them.
        AddNumbers = "addNumbers",
        /// `deleteNumbers`: delete them.
        DeleteNumbers = "deleteNumbers",
        /// `overwriteNumbers`: delete all existing numbers and add these. The group must hold no more than 200 before.
        OverwriteNumbers = "overwriteNumbers",
    }
}

/// Deletes a G group with its numbers: `DeleteAxgGroup`. This cannot be undone.
///
/// A group with bindings cannot be deleted. Idempotent: a deleted group stays deleted. Documented limit (official
/// metadata): 5000 calls per second. Not charged. Known from the official SDK only.
///
/// # Errors
/// The platform refuses to delete a group with bindings. No document lists the code.
///
/// Source: the official API metadata of Dyplsapi; the reference has no chapter on it.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = privacy_number::emulator::Emulator::start().await?;
/// # let (client, pool_key) = (emulator.aliyun()?, emulator.pool_key());
/// use privacy_number::aliyun::DeleteAxgGroup;
///
/// # let group = privacy_number::aliyun::CreateAxgGroup::builder().pool_key(pool_key).numbers(["4001234567"]).build();
/// # let group_id = client.send(&group).await?.group_id;
/// client.send(&DeleteAxgGroup::builder().pool_key(pool_key).group_id(group_id).build()).await?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[doc(alias = "删除G号码组")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into))]
#[non_exhaustive]
pub struct DeleteAxgGroup {
    /// The number pool's key.
    pub pool_key: String,
    /// The group's id.
    pub group_id: String,
}

impl Operation for DeleteAxgGroup {
    type Gateway = Dyplsapi;
    type Output = DeleteAxgGroupResponse;
    const NAME: &'static str = "DeleteAxgGroup";
    const SAFETY: Safety = Safety::Idempotent;
    const QPS: Option<u32> = Some(5000);

    fn validate(&self, _: DateTime<Utc>) -> Result<(), InvalidRequest> {
        check_not_empty("pool_key", &self.pool_key)?;
        check_not_empty("group_id", &self.group_id)
    }
}

response! {
    /// Confirms that the group was deleted.
    DeleteAxgGroupResponse {
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aliyun::tests::{answer_of, at, param, read, refused_field};

    #[test]
    fn the_documented_responses_are_read() {
        assert_eq!(answer_of::<CreateAxgGroup>().group_id, "2000000000001");
        assert_eq!(read::<CreateAxgGroupResponse>(r#"{"Code":"OK","GroupId":0}"#).unwrap().group_id, "0");
        assert_eq!(answer_of::<OperateAxgGroup>().code, "OK");
        assert_eq!(answer_of::<DeleteAxgGroup>().code, "OK");
    }

    #[test]
    fn numbers_go_out_with_commas_and_none_goes_out_at_all() {
        let group =
            |numbers: &[&str]| CreateAxgGroup::builder().pool_key("FC123456").numbers(numbers.iter().copied()).build();
        assert_eq!(param(&group(&["13900001234", "13900001111"]), "Numbers").unwrap(), "13900001234,13900001111");
        assert_eq!(param(&group(&[]), "Numbers"), None);
    }

    #[test]
    fn a_call_holds_at_most_200_numbers() {
        let now = at("2026-01-06 10:00:00");
        let change = |count| {
            OperateAxgGroup::builder()
                .pool_key("FC123456")
                .group_id("1234")
                .operate_type(GroupOperateType::AddNumbers)
                .numbers(vec!["13900001234"; count])
                .build()
        };
        assert_eq!(change(200).validate(now.into()), Ok(()));
        assert_eq!(refused_field(&change(201), now), "numbers");
        assert_eq!(refused_field(&change(0), now), "numbers");
    }

    #[test]
    fn names_and_remarks_are_counted_in_characters() {
        let now = at("2026-01-06 10:00:00");
        let group = |name: usize, remark: usize| {
            CreateAxgGroup::builder().pool_key("FC123456").name("组".repeat(name)).remark("注".repeat(remark)).build()
        };
        assert_eq!(group(128, 256).validate(now.into()), Ok(()));
        assert_eq!(refused_field(&group(129, 0), now), "name");
        assert_eq!(refused_field(&group(0, 0), now), "name");
        assert_eq!(refused_field(&group(1, 257), now), "remark");
    }
}
