//! What the requests and answers of the three kinds of bindings are made of.

use std::fmt;
use std::time::Duration;

use bon::Builder;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::aliyun::check::{check_length, check_optional_phone, check_virtual};
use crate::answer::lenient;
use crate::invalid::InvalidRequest;
use crate::number::{PhoneNumber, VirtualNumber};
use crate::redact::Private;
use crate::scalar;
use crate::wire_enum::wire_enum;

/// The smaller of the two documented limits: 250 characters in the official SDK, 100 on the help page.
const LONGEST_REMARK: usize = 100;
const EXTENSION_DIGITS: usize = 4;

/// Which number X a fixed-line binding takes: `BindType`, with the parameters that go with it. The default lets the
/// platform pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "BindType", rename_all_fields = "PascalCase")]
#[non_exhaustive]
pub enum FixedLineX {
    /// `mode101`: this number.
    #[serde(rename = "mode101")]
    Given {
        /// X: a landline with its area code.
        tel_x: VirtualNumber,
    },
    /// `mode102`: the platform picks a number of the pool.
    #[serde(rename = "mode102")]
    Picked {
        /// The area to pick from.
        areacode: Option<AreaCode>,
    },
}

impl FixedLineX {
    /// Lets the platform pick a number of this area.
    pub fn in_area(areacode: impl Into<AreaCode>) -> Self {
        Self::Picked { areacode: Some(areacode.into()) }
    }

    pub(super) fn check(&self) -> Result<(), InvalidRequest> {
        match self {
            Self::Given { tel_x } => check_virtual("tel_x", tel_x),
            Self::Picked { areacode } => check_areacode(areacode.as_ref()),
        }
    }
}

impl Default for FixedLineX {
    fn default() -> Self {
        Self::Picked { areacode: None }
    }
}

impl From<VirtualNumber> for FixedLineX {
    fn from(tel_x: VirtualNumber) -> Self {
        Self::Given { tel_x }
    }
}

impl From<&str> for FixedLineX {
    fn from(tel_x: &str) -> Self {
        Self::Given { tel_x: tel_x.into() }
    }
}

/// Which number X and which extension of it a fixed-line AXN extension binding takes: `BindType`, with the parameters
/// that go with it. The default lets the platform pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "BindType", rename_all_fields = "PascalCase")]
#[non_exhaustive]
pub enum FixedLineExtensionX {
    /// `mode101`: this number and this extension.
    #[serde(rename = "mode101")]
    Given {
        /// X: a landline with its area code.
        tel_x: VirtualNumber,
        /// The extension, 4 digits.
        tel_xext: Private,
    },
    /// `mode102`: the platform picks a number of the pool and an extension.
    #[serde(rename = "mode102")]
    Picked {
        /// The area to pick from.
        areacode: Option<AreaCode>,
    },
}

impl FixedLineExtensionX {
    /// Takes this number and this extension.
    pub fn given(tel_x: impl Into<VirtualNumber>, tel_xext: impl Into<Private>) -> Self {
        Self::Given { tel_x: tel_x.into(), tel_xext: tel_xext.into() }
    }

    /// Lets the platform pick a number of this area.
    pub fn in_area(areacode: impl Into<AreaCode>) -> Self {
        Self::Picked { areacode: Some(areacode.into()) }
    }

    pub(super) fn check(&self) -> Result<(), InvalidRequest> {
        match self {
            Self::Given { tel_x, tel_xext } => {
                check_virtual("tel_x", tel_x)?;
                let digits = tel_xext.expose();
                if digits.len() == EXTENSION_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    Ok(())
                } else {
                    Err(InvalidRequest::new("tel_xext", "must be 4 digits"))
                }
            }
            Self::Picked { areacode } => check_areacode(areacode.as_ref()),
        }
    }
}

impl Default for FixedLineExtensionX {
    fn default() -> Self {
        Self::Picked { areacode: None }
    }
}

/// The area code of a landline, `10` for Beijing. Written with or without the leading 0, and sent without it.
///
/// ```
/// use privacy_number::aliyun::AreaCode;
///
/// assert_eq!(AreaCode::from("010"), AreaCode::from("10"));
/// assert_eq!(AreaCode::from("0571").as_str(), "571");
/// ```
#[doc(alias = "区号")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AreaCode(String);

impl AreaCode {
    /// The digits without the leading 0.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for AreaCode {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<&str> for AreaCode {
    fn from(text: &str) -> Self {
        let text = text.trim();
        Self(text.strip_prefix('0').unwrap_or(text).to_owned())
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for AreaCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// How long a fixed-line binding lasts.
#[doc(alias = "过期时间")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FixedLineExpiration {
    /// `0`: until it is deleted.
    Never,
    /// For this time; whole seconds, at least one.
    After(Duration),
    /// A value of an answer that this crate does not know. A request with it is refused before sending.
    Other(String),
}

impl FixedLineExpiration {
    pub(super) fn check(&self) -> Result<(), InvalidRequest> {
        match self {
            Self::Never => Ok(()),
            // Less than a second would be sent as 0, which means never.
            Self::After(time) if time.as_secs() > 0 && time.subsec_nanos() == 0 => Ok(()),
            Self::After(_) => Err(InvalidRequest::new("expiration", "must be whole seconds, at least one")),
            Self::Other(_) => Err(InvalidRequest::new("expiration", "must be `Never` or `After`")),
        }
    }
}

impl From<Duration> for FixedLineExpiration {
    fn from(time: Duration) -> Self {
        Self::After(time)
    }
}

impl From<String> for FixedLineExpiration {
    fn from(text: String) -> Self {
        match text.trim().parse() {
            Ok(0) => Self::Never,
            Ok(seconds) => Self::After(Duration::from_secs(seconds)),
            Err(_) => Self::Other(text),
        }
    }
}

/// The wire's text: whole seconds, `0` for never.
impl fmt::Display for FixedLineExpiration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("0"),
            Self::After(time) => write!(f, "{}", time.as_secs()),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl Serialize for FixedLineExpiration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FixedLineExpiration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar::text(deserializer).map(Self::from)
    }
}

wire_enum! {
    /// Whether calls over a fixed-line binding are recorded. Charged by the minute.
    FixedLineRecording {
        /// `0`: no, the default.
        Off = "0",
        /// `1`: yes.
        On = "1",
    }
}

wire_enum! {
    /// Whom A reaches by calling X.
    FixedLineCallback {
        /// `0`: nobody, the default. A cannot call out through X.
        Off = "0",
        /// `1`: the latest other party.
        LatestParty = "1",
        /// `2`: the fixed number `tel_b`. Only for AXN bindings without extension.
        TelB = "2",
    }
}

/// The options of a fixed-line AXB binding: `Extra`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AxbFixedLineExtra {
    /// Whether calls are recorded.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    pub callrecording: Option<FixedLineRecording>,
}

/// The options of a fixed-line AXN binding, with or without extension: `Extra`, and `Extraaxx` with extension.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Builder)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AxnFixedLineExtra {
    /// Whom A reaches by calling X.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    pub callback: Option<FixedLineCallback>,
    /// Whether calls are recorded.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::optional")]
    pub callrecording: Option<FixedLineRecording>,
}

impl AxnFixedLineExtra {
    fn calls_back_to_b(&self) -> bool {
        self.callback == Some(FixedLineCallback::TelB)
    }
}

/// Checks that B is given where A's calls go to B.
pub(super) fn check_callback(
    extra: Option<&AxnFixedLineExtra>,
    tel_b: Option<&PhoneNumber>,
) -> Result<(), InvalidRequest> {
    if extra.is_some_and(AxnFixedLineExtra::calls_back_to_b) && tel_b.is_none() {
        return Err(InvalidRequest::new("tel_b", "is required by `FixedLineCallback::TelB`"));
    }
    check_optional_phone("tel_b", tel_b)
}

/// Checks the options of a binding with extension, which has no B.
pub(super) fn check_extraaxx(extraaxx: Option<&AxnFixedLineExtra>) -> Result<(), InvalidRequest> {
    if extraaxx.is_some_and(AxnFixedLineExtra::calls_back_to_b) {
        return Err(InvalidRequest::new("extraaxx.callback", "must not be `TelB` in a binding with extension"));
    }
    Ok(())
}

/// The texts that a request for a binding or for its change can have.
pub(super) struct Texts<'a> {
    pub(super) anucode: Option<&'a str>,
    pub(super) anucodecalled: Option<&'a str>,
    pub(super) t_anucode_connect: Option<&'a str>,
    pub(super) remark: Option<&'a Private>,
}

impl Texts<'_> {
    pub(super) fn check(&self) -> Result<(), InvalidRequest> {
        check_codes("anucode", self.anucode, 3)?;
        check_codes("anucodecalled", self.anucodecalled, 2)?;
        check_codes("t_anucode_connect", self.t_anucode_connect, 2)?;
        check_length("remark", self.remark.map(Private::expose), LONGEST_REMARK)
    }
}

/// Checks that there are as many announcement codes as documented, none of them empty.
fn check_codes(field: &'static str, codes: Option<&str>, count: usize) -> Result<(), InvalidRequest> {
    let Some(codes) = codes else { return Ok(()) };
    if codes.split(',').count() == count && codes.split(',').all(|code| !code.trim().is_empty()) {
        Ok(())
    } else {
        Err(InvalidRequest::new(field, format!("must be {count} codes, joined by commas")))
    }
}

fn check_areacode(areacode: Option<&AreaCode>) -> Result<(), InvalidRequest> {
    let is_digits = |code: &AreaCode| {
        matches!(code.0.len(), 2..=3) && !code.0.starts_with('0') && code.0.bytes().all(|byte| byte.is_ascii_digit())
    };
    if areacode.is_none_or(is_digits) {
        Ok(())
    } else {
        Err(InvalidRequest::new("areacode", "must be 2 or 3 digits beside the leading 0"))
    }
}
