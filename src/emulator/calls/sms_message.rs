//! A text message as a test describes it, and what became of it.

use std::fmt;

use super::dialled_call::CallRefusal;

/// A text message to an X number. The platform intercepts it.
///
/// ```
/// use privacy_number::emulator::SmsMessage;
///
/// let message = SmsMessage::new("13800000000", "17000000001", "明天到吗").extension("101");
/// ```
#[derive(Clone)]
#[must_use]
pub struct SmsMessage {
    pub(super) sender: String,
    pub(super) x: String,
    pub(super) extension: Option<String>,
    pub(super) content: String,
}

/// A message that was sent. `Debug` does not show the number.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentMessage {
    /// The id of the message: `CallId` of `ConfirmSendSms`.
    pub id: String,
    /// The number that the message is for, or why it has no receiver.
    pub receiver: Result<String, CallRefusal>,
}

impl SmsMessage {
    /// A message from `sender` to the X number `x`.
    pub fn new(sender: impl Into<String>, x: impl Into<String>, content: impl Into<String>) -> Self {
        Self { sender: sender.into(), x: x.into(), extension: None, content: content.into() }
    }

    /// Sets the extension of the X number.
    pub fn extension(mut self, extension: impl Into<String>) -> Self {
        self.extension = Some(extension.into());
        self
    }
}

/// Neither the numbers nor the content are shown.
impl fmt::Debug for SmsMessage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SmsMessage").finish_non_exhaustive()
    }
}

impl fmt::Debug for SentMessage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SentMessage")
            .field("id", &self.id)
            .field("refusal", &self.receiver.as_ref().err())
            .finish_non_exhaustive()
    }
}
