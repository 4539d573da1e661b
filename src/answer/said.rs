//! What an answer says of its own success, wherever it says it: collected while the answer is read.

use std::borrow::Cow;

use super::held::Held;
use super::struct_fields::Fields;

/// What an answer says beside its content.
#[derive(Default)]
pub(crate) struct Said<'de> {
    /// What stands under the root that only errors have, if the answer has one.
    pub(crate) error: Option<Words<'de>>,
    /// What stands beside the content: under the operation's own root, and beside that root.
    pub(crate) outer: Words<'de>,
    /// What stands one level down, as in `{"result": {"success": false}}`.
    pub(crate) inner: Words<'de>,
    /// Whether the operation's own content is there, readable or not.
    pub(crate) has_content: bool,
    /// Whether the content has a member that its type knows and that is none of those collected here.
    pub(crate) has_members: bool,
    /// Whether the content has a member that its type knows.
    pub(super) is_known: bool,
    /// The fields of the content's type, as far as they are known.
    pub(super) fields: Fields,
    /// Whether to leave alone what stands inside, and what decides nothing: something in it cannot be read.
    pub(super) is_coarse: bool,
    /// Whether a plain `code` is business data where the content's type has a field of that name.
    pub(super) code_may_be_content: bool,
}

/// What one level of an answer says.
#[derive(Default)]
pub(crate) struct Words<'de> {
    /// `Code`, in just this spelling.
    pub(crate) code: Option<Cow<'de, str>>,
    /// `code`, in any other.
    other_code: Option<Cow<'de, str>>,
    /// The first code, of any name, that means an error.
    pub(crate) error_code: Option<Cow<'de, str>>,
    /// Whether a plain code means that there is no error.
    has_good_code: bool,
    /// Whether there are codes of errors that differ, or a code of an error beside one of none.
    pub(crate) codes_differ: bool,
    /// TOP's second code, if it means an error.
    pub(crate) sub_code: Option<Cow<'de, str>>,
    /// A code of a message, which may come with a success too.
    pub(crate) message_code: Option<Cow<'de, str>>,
    pub(crate) message: Option<Cow<'de, str>>,
    pub(crate) sub_message: Option<Cow<'de, str>>,
    pub(crate) request_id: Option<Cow<'de, str>>,
    /// `success` is `true`.
    pub(crate) succeeded: bool,
    /// `success` is `false`.
    pub(crate) failed: bool,
    /// A member that decides comes twice in one object, or says nothing that is understood.
    pub(crate) is_unclear: bool,
}

impl<'de> Words<'de> {
    /// The code; where both spellings are there, the gateway's usual one.
    pub(crate) fn code(&self) -> Option<&str> {
        self.code.as_deref().or(self.other_code.as_deref())
    }

    /// The first code that means an error.
    pub(crate) fn any_error_code(&self) -> Option<&Cow<'de, str>> {
        self.error_code.as_ref().or(self.sub_code.as_ref())
    }

    /// What a member says.
    pub(super) fn hear(&mut self, member: Member, value: &Held<'de>) {
        let Some(text) = value.text() else {
            self.is_unclear |= member.decides();
            return;
        };
        let is_error = || !is_no_error(&text);
        match member {
            Member::Success if text.trim().is_empty() => {}
            Member::Success if text.trim().eq_ignore_ascii_case("true") => self.succeeded = true,
            Member::Success if text.trim().eq_ignore_ascii_case("false") => self.failed = true,
            Member::Success => self.is_unclear = true,
            _ if text.is_empty() => {}
            Member::Code { is_usual } => {
                let code = if is_usual { &mut self.code } else { &mut self.other_code };
                if code.is_none() {
                    *code = Some(text.clone());
                }
                if is_error() {
                    self.hear_error(text);
                } else {
                    self.has_good_code = true;
                    self.codes_differ |= self.error_code.is_some();
                }
            }
            Member::ErrorCode if is_error() => self.hear_error(text),
            Member::SubCode if is_error() => keep(&mut self.sub_code, text),
            Member::ErrorCode | Member::SubCode => {}
            Member::MessageCode => keep(&mut self.message_code, text),
            Member::Message => keep(&mut self.message, text),
            Member::SubMessage => keep(&mut self.sub_message, text),
            Member::RequestId => keep(&mut self.request_id, text),
        }
    }

    fn hear_error(&mut self, code: Cow<'de, str>) {
        self.codes_differ |= self.has_good_code || self.error_code.as_ref().is_some_and(|first| *first != code);
        keep(&mut self.error_code, code);
    }
}

/// The first of several.
fn keep<'de>(place: &mut Option<Cow<'de, str>>, text: Cow<'de, str>) {
    place.get_or_insert(text);
}

/// Whether a code says that there is no error: nothing at all, zeros, 200, `OK`, `SUCCESS`, or the platform's 无.
fn is_no_error(code: &str) -> bool {
    let code = code.trim();
    code.bytes().all(|byte| byte == b'0')
        || ["200", "OK", "SUCCESS", "null", "无"].iter().any(|word| code.eq_ignore_ascii_case(word))
}

/// A member that says something of an answer's success.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    Success,
    Code { is_usual: bool },
    ErrorCode,
    SubCode,
    MessageCode,
    Message,
    SubMessage,
    RequestId,
}

/// The longest name of a member without its underscores, `errormessage`.
const LONGEST: usize = 12;

impl Member {
    /// By its name in any spelling: `errorCode`, `error_code`, `ErrorCode`.
    pub(super) fn of(name: &str) -> Option<Self> {
        // Most names are none of these, which their first letter tells.
        if !matches!(name.as_bytes().first()?.to_ascii_lowercase(), b'c' | b'e' | b'i' | b'm' | b'r' | b's') {
            return None;
        }
        let mut plain = [0_u8; LONGEST];
        let mut length = 0_usize;
        for byte in name.bytes().filter(|byte| *byte != b'_') {
            *plain.get_mut(length)? = byte.to_ascii_lowercase();
            length = length.saturating_add(1);
        }
        Some(match plain.get(..length)? {
            b"success" | b"issuccess" => Self::Success,
            b"code" => Self::Code { is_usual: name == "Code" },
            b"errorcode" | b"errcode" => Self::ErrorCode,
            b"subcode" => Self::SubCode,
            b"msgcode" => Self::MessageCode,
            b"message" | b"msg" | b"errormsg" | b"errmsg" | b"errormessage" | b"msginfo" => Self::Message,
            b"submsg" => Self::SubMessage,
            b"requestid" => Self::RequestId,
            _ => return None,
        })
    }

    /// Whether it tells success from failure.
    pub(super) fn decides(self) -> bool {
        matches!(self, Self::Success | Self::Code { .. } | Self::ErrorCode | Self::SubCode)
    }
}
