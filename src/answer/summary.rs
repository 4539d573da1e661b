//! The members of a response that tell the result of the call: success flags, codes, messages and the request id. They
//! are collected while the content is read.

use std::borrow::Cow;

use super::buffered::Buffered;
use super::struct_fields::Fields;

/// Everything that a response tells about the result of the call.
#[derive(Default)]
pub(crate) struct Summary<'de> {
    /// The members under the root of errors, if the response has that root.
    pub(crate) error: Option<ResultMembers<'de>>,
    /// The members of the content itself, and those beside the operation's root.
    pub(crate) outer: ResultMembers<'de>,
    /// The members one level down, as in `{"result": {"success": false}}`.
    pub(crate) inner: ResultMembers<'de>,
    /// Whether the operation's content is present, readable or not.
    pub(crate) has_content: bool,
    /// Whether the content has a field of its type that is not a result member.
    pub(crate) has_content_members: bool,
    /// Whether the content has any field of its type.
    pub(super) has_known_member: bool,
    /// The fields of the content's type; `None` if it is not a struct or not known yet.
    pub(super) fields: Fields,
    /// Whether to collect only the members that decide success, and nothing one level down: the rest cannot be read.
    pub(super) only_deciding: bool,
    /// Whether a plain `code` is business data if the content's type has a field of that name.
    pub(super) code_may_be_content: bool,
}

/// The result members of one level of a response.
#[derive(Default)]
pub(crate) struct ResultMembers<'de> {
    /// The code under exactly the name `Code`.
    pub(crate) code: Option<Cow<'de, str>>,
    /// The code under any other spelling of `code`.
    other_code: Option<Cow<'de, str>>,
    /// The first code, under any name, that means an error.
    pub(crate) error_code: Option<Cow<'de, str>>,
    /// Whether a plain code means success.
    has_success_code: bool,
    /// Whether there are different error codes, or an error code and a success code.
    pub(crate) codes_differ: bool,
    /// TOP's second code, if it means an error.
    pub(crate) sub_code: Option<Cow<'de, str>>,
    /// The code of a message; successes have one too.
    pub(crate) message_code: Option<Cow<'de, str>>,
    pub(crate) message: Option<Cow<'de, str>>,
    pub(crate) sub_message: Option<Cow<'de, str>>,
    pub(crate) request_id: Option<Cow<'de, str>>,
    /// `success` is `true`.
    pub(crate) succeeded: bool,
    /// `success` is `false`.
    pub(crate) failed: bool,
    /// A member that decides success is duplicated in one object, or its value cannot be interpreted.
    pub(crate) is_unclear: bool,
}

impl<'de> ResultMembers<'de> {
    /// The code; if both spellings are present, the one under `Code`.
    pub(crate) fn code(&self) -> Option<&str> {
        self.code.as_deref().or(self.other_code.as_deref())
    }

    /// The first code that means an error.
    pub(crate) fn any_error_code(&self) -> Option<&Cow<'de, str>> {
        self.error_code.as_ref().or(self.sub_code.as_ref())
    }

    /// Adds one member.
    pub(super) fn add(&mut self, member: ResultMember, value: &Buffered<'de>) {
        let Some(text) = value.text() else {
            self.is_unclear |= member.decides_success();
            return;
        };
        let is_error = || !is_no_error(&text);
        match member {
            ResultMember::Success if text.trim().is_empty() => {}
            ResultMember::Success if text.trim().eq_ignore_ascii_case("true") => self.succeeded = true,
            ResultMember::Success if text.trim().eq_ignore_ascii_case("false") => self.failed = true,
            ResultMember::Success => self.is_unclear = true,
            _ if text.is_empty() => {}
            ResultMember::Code { is_usual } => {
                let code = if is_usual { &mut self.code } else { &mut self.other_code };
                if code.is_none() {
                    *code = Some(text.clone());
                }
                if is_error() {
                    self.add_error_code(text);
                } else {
                    self.has_success_code = true;
                    self.codes_differ |= self.error_code.is_some();
                }
            }
            ResultMember::ErrorCode if is_error() => self.add_error_code(text),
            ResultMember::SubCode if is_error() => set_first(&mut self.sub_code, text),
            ResultMember::ErrorCode | ResultMember::SubCode => {}
            ResultMember::MessageCode => set_first(&mut self.message_code, text),
            ResultMember::Message => set_first(&mut self.message, text),
            ResultMember::SubMessage => set_first(&mut self.sub_message, text),
            ResultMember::RequestId => set_first(&mut self.request_id, text),
        }
    }

    /// Adds the code of a result one level down, which means an error unless it is one of the codes for no error.
    pub(super) fn add_result_code(&mut self, code: Cow<'de, str>) {
        if !code.is_empty() {
            self.codes_differ |= self.code.as_ref().is_some_and(|first| *first != code);
            self.code.get_or_insert_with(|| code.clone());
        }
        self.add(ResultMember::ErrorCode, &Buffered::Text(code));
    }

    fn add_error_code(&mut self, code: Cow<'de, str>) {
        self.codes_differ |= self.has_success_code || self.error_code.as_ref().is_some_and(|first| *first != code);
        set_first(&mut self.error_code, code);
    }
}

/// Sets the value unless one is set: the first of several counts.
fn set_first<'de>(slot: &mut Option<Cow<'de, str>>, text: Cow<'de, str>) {
    slot.get_or_insert(text);
}

/// Whether a code means that there is no error: empty, zeros, `200`, `OK`, `SUCCESS`, `null`, or the platform's `无`.
fn is_no_error(code: &str) -> bool {
    let code = code.trim();
    code.bytes().all(|byte| byte == b'0')
        || ["200", "OK", "SUCCESS", "null", "无"].iter().any(|word| code.eq_ignore_ascii_case(word))
}

/// A kind of result member.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ResultMember {
    Success,
    Code { is_usual: bool },
    ErrorCode,
    SubCode,
    MessageCode,
    Message,
    SubMessage,
    RequestId,
}

/// The length of the longest name without underscores, `errormessage`.
const LONGEST_NAME: usize = 12;

impl ResultMember {
    /// Finds the kind by the name, in any spelling: `errorCode`, `error_code`, `ErrorCode`.
    pub(super) fn of(name: &str) -> Option<Self> {
        // The first letter rules out most names quickly.
        if !matches!(name.as_bytes().first()?.to_ascii_lowercase(), b'c' | b'e' | b'i' | b'm' | b'r' | b's') {
            return None;
        }
        let mut plain = [0_u8; LONGEST_NAME];
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

    /// Whether the member decides between success and failure.
    pub(super) fn decides_success(self) -> bool {
        matches!(self, Self::Success | Self::Code { .. } | Self::ErrorCode | Self::SubCode)
    }
}
