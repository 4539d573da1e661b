//! The options of a work number X.

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::answer::lenient;
use crate::number::PhoneNumber;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// Whether a work number can do something. A `bool` can be given in its place.
    Ability {
        /// `0`.
        Disabled = "0",
        /// `1`.
        Enabled = "1",
    }
}

impl From<bool> for Ability {
    fn from(is_enabled: bool) -> Self {
        if is_enabled { Self::Enabled } else { Self::Disabled }
    }
}

wire_enum! {
    /// Which number the employee B sees when a customer calls the work number. The customer always sees the work
    /// number.
    GnFlag {
        /// `00`: the work number. The default of the platform.
        WorkNumber = "00",
        /// `10`: the customer's number.
        CustomerNumber = "10",
    }
}

wire_enum! {
    /// Whether the sender of an SMS is passed through.
    SmsSignMode {
        /// `0`: no. The default of the platform.
        Hidden = "0",
        /// `1`: yes.
        PassedThrough = "1",
    }
}

wire_enum! {
    /// Whether numbers are rung one after the other.
    SequenceMode {
        /// `0`: no. The default of the platform.
        Off = "0",
        /// `1`: the called number first, then the list.
        CalledFirst = "1",
        /// `2`: the list at once.
        ListOnly = "2",
    }
}

/// A number to ring, in a list of several. A [`ConfigX`](crate::aliyun::ConfigX) sends it, and the answers with the
/// options of a work number have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[builder(on(String, into), on(PhoneNumber, into))]
#[non_exhaustive]
pub struct SequenceCall {
    /// The number to ring.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    pub sequence_called_no: Option<PhoneNumber>,
    /// The code of the announcement while this number is rung.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    pub sequence_call_no_play_code: Option<String>,
    /// The code of the announcement after this number has answered.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    pub sequence_called_play_code: Option<String>,
}

impl lenient::ListItem for SequenceCall {
    const WRAPPER: &'static str = "SequenceCalls";
}

/// A rule by which a party of a call is sent a business card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ReachRule {
    /// The rule's id.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub rule_id: Option<String>,
    /// The rule's name.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub rule_name: Option<String>,
    /// The medium.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub rule_type: Option<ReachRuleType>,
    /// The id of the template.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub temp_id: Option<String>,
    /// The direction of the calls that the rule is for.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub call_dir: Option<ReachCallDir>,
    /// The moment of the call.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub call_status: Option<ReachCallStatus>,
    /// The party that receives it.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub receive_dir: Option<ReachReceiveDir>,
}

impl lenient::ListItem for ReachRule {
    const WRAPPER: &'static str = "ReachJsons";
}

wire_enum! {
    /// By which medium a business card is sent.
    ReachRuleType {
        /// `1`: by SMS.
        Sms = "1",
        /// `2`: by flash SMS.
        FlashSms = "2",
        /// `3`: by video.
        Video = "3",
        /// `4`: by audio.
        Audio = "4",
    }
}

wire_enum! {
    /// The direction of a call.
    ReachCallDir {
        /// `1`: from the employee to the customer.
        EmployeeToCustomer = "1",
        /// `2`: from the customer to the employee.
        CustomerToEmployee = "2",
    }
}

wire_enum! {
    /// The moment of a call.
    ReachCallStatus {
        /// `1`: it rings.
        Ringing = "1",
        /// `2`: before the answer.
        BeforeAnswer = "2",
        /// `3`: after the answer.
        AfterAnswer = "3",
        /// `4`: it has ended.
        Ended = "4",
        /// `5`: it was answered.
        Answered = "5",
        /// `6`: it was not answered.
        NotAnswered = "6",
    }
}

wire_enum! {
    /// A party of a call.
    ReachReceiveDir {
        /// `1`: the party that calls.
        Caller = "1",
        /// `2`: the called party.
        Called = "2",
    }
}
