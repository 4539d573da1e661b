//! Why a call ended.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

/// Why a call ended: a cause value of ITU-T Q.850.
///
/// The tables differ by year, so the number is kept and [`meaning`](Self::meaning) describes it. Whether a call was
/// answered is told by its duration, not by this: 16 and 31 are normal ends of calls with and without an answer.
///
/// Source: call record error codes (seen up to 39); above 39, the table of 2019, which is not known to be in force.
///
/// ```
/// use privacy_number::aliyun::receipt::ReleaseCause;
///
/// let cause = ReleaseCause::new(17);
/// assert_eq!(cause.meaning(), Some("callee busy"));
/// assert_eq!(cause.to_string(), "17 (callee busy)");
/// ```
#[doc(alias = "释放原因")]
#[doc(alias = "挂断原因")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseCause(i64);

impl ReleaseCause {
    /// A cause by its number.
    #[must_use]
    pub const fn new(code: i64) -> Self {
        Self(code)
    }

    /// The number of the cause.
    #[must_use]
    pub const fn code(self) -> i64 {
        self.0
    }

    /// Whether the call ended normally: 16 (normal hang-up) or 31 (normal, unspecified).
    #[doc(alias = "正常挂机")]
    #[must_use]
    pub const fn is_normal(self) -> bool {
        matches!(self.0, 16 | 31)
    }

    /// Whether the callee was busy: 17.
    #[doc(alias = "用户忙")]
    #[must_use]
    pub const fn is_busy(self) -> bool {
        self.0 == 17
    }

    /// Whether the callee did not answer: 18 or 19.
    #[doc(alias = "无应答")]
    #[must_use]
    pub const fn is_no_answer(self) -> bool {
        matches!(self.0, 18 | 19)
    }

    /// Whether the number dialled does not exist: 1.
    #[doc(alias = "空号")]
    #[must_use]
    pub const fn is_unassigned_number(self) -> bool {
        self.0 == 1
    }

    /// What the number means; `None` if no table has it.
    #[must_use]
    pub const fn meaning(self) -> Option<&'static str> {
        Some(match self.0 {
            1 => "unassigned or empty number",
            2 => "no route to network",
            3 => "no route to destination",
            4 => "special tone from the callee's network, such as busy or suspended",
            5 => "trunk prefix error",
            6 => "channel unacceptable",
            7 => "reached the callee, rejected",
            8 => "call pre-empted",
            9 => "call pre-empted, circuit reserved",
            16 => "normal hang-up",
            17 => "callee busy",
            18 => "callee no response",
            19 => "callee no answer",
            20 => "callee unreachable",
            21 => "not put through, or call rejected",
            22 => "number changed",
            23 => "redirected callee number",
            24 | 32 => "temporarily unavailable",
            25 => "exchange routing error",
            26 => "callee does not allow calls",
            27 => "destination interface out of order",
            28 => "invalid or incomplete number",
            29 => "supplementary service rejected",
            30 => "status enquiry failed",
            31 => "normal, unspecified",
            33 | 35 | 37 => "callee hung up",
            34 => "no circuit or channel",
            38 => "network out of order",
            42 => "switch congestion",
            50 => "supplementary service not subscribed",
            53 => "outgoing calls barred in the closed user group",
            55 => "incoming calls barred in the closed user group",
            57 => "bearer capability not authorised",
            58 => "bearer capability not available now",
            65 => "bearer capability not implemented",
            69 => "supplementary service not implemented",
            87 => "callee not a member of the closed user group",
            88 => "incompatible destination",
            90 => "closed user group does not exist",
            91 => "invalid transit network",
            95 => "invalid message",
            97 => "message type not implemented",
            99 => "parameter not implemented",
            102 => "recovery on timer expiry",
            103 => "parameter not implemented, passed on",
            110 => "message with unrecognised parameter discarded",
            111 => "protocol error",
            127 => "interworking, unspecified",
            9999 => "SMS record",
            _ => return None,
        })
    }
}

impl From<i64> for ReleaseCause {
    fn from(code: i64) -> Self {
        Self(code)
    }
}

impl FromStr for ReleaseCause {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

impl fmt::Display for ReleaseCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.meaning() {
            Some(meaning) => write!(f, "{} ({meaning})", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}
