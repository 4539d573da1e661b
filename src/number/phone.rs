use std::str::FromStr;

use super::mask_number;
use crate::redact::redacted_text;
use crate::scalar;

/// A real phone number: digits only, at most 15, not starting with `00`. A landline is written with its area code and
/// without hyphen (`01012345678`).
///
/// `From<&str>` does not check the text, so that request builders accept plain text. A request with an invalid number
/// fails before it is sent, with an error that names the field. `"...".parse::<PhoneNumber>()` checks at once. `Debug`
/// shows `***`; there is no `Display`.
///
/// Source: FAQ 27 of TOP's guide to the 700 numbers; the parameter tables of the Dyplsapi reference.
///
/// ```
/// use privacy_number::PhoneNumber;
///
/// let landline: PhoneNumber = "01012345678".parse()?;
/// assert_eq!(landline.masked(), "010****5678");
/// assert!("010-12345678".parse::<PhoneNumber>().is_err());
/// # Ok::<(), privacy_number::InvalidPhoneNumber>(())
/// ```
#[doc(alias = "手机号")]
#[doc(alias = "座机")]
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The maximum number of digits.
    pub const MAX_DIGITS: usize = 15;

    /// Checks that both gateways would accept this number.
    ///
    /// # Errors
    /// What is wrong with the number. The error does not contain the number.
    pub fn check(&self) -> Result<(), InvalidPhoneNumber> {
        let text = &self.0;
        if text.is_empty() {
            return Err(InvalidPhoneNumber::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidPhoneNumber::NotDigits);
        }
        if text.starts_with("00") {
            return Err(InvalidPhoneNumber::LeadingZeros);
        }
        if text.len() > Self::MAX_DIGITS {
            return Err(InvalidPhoneNumber::TooLong);
        }
        Ok(())
    }

    /// Parses a number as people write it: with spaces, hyphens, dots or brackets, in full-width digits, or with the
    /// prefix
    /// `+86` or `0086`. If a landline has the country code, the `0` of its area code is restored.
    ///
    /// # Errors
    /// What is wrong with the number without separators and prefix. Numbers of other countries are errors.
    ///
    /// ```
    /// use privacy_number::PhoneNumber;
    ///
    /// assert_eq!(PhoneNumber::normalise("+86 131-0000-0000")?.expose(), "13100000000");
    /// assert_eq!(PhoneNumber::normalise("(010) 1234 5678")?.expose(), "01012345678");
    /// # Ok::<(), privacy_number::InvalidPhoneNumber>(())
    /// ```
    pub fn normalise(text: &str) -> Result<Self, InvalidPhoneNumber> {
        let digits: String = text.chars().filter(|character| !is_separator(*character)).map(half_width).collect();
        let national = match digits.strip_prefix("+86").or_else(|| digits.strip_prefix("0086")) {
            None => digits,
            Some(national) if is_mobile(national) || national.starts_with(['0', '4', '9']) => national.to_owned(),
            Some(landline) => format!("0{landline}"),
        };
        national.parse()
    }

    /// The digits. Never pass them to a log or an error.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `138****0000`, to show to people.
    #[must_use]
    pub fn masked(&self) -> String {
        mask_number(&self.0)
    }
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || "-.()（）－".contains(character)
}

fn half_width(character: char) -> char {
    match character {
        '０'..='９' => {
            u32::from(character).checked_sub(u32::from('０')).and_then(|digit| char::from_digit(digit, 10))
        }
        '＋' => Some('+'),
        _ => None,
    }
    .unwrap_or(character)
}

fn is_mobile(national: &str) -> bool {
    national.len() == 11 && national.starts_with('1')
}

/// Why a text is not a phone number. The error never contains the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPhoneNumber {
    /// The text is empty.
    #[error("is empty")]
    Empty,
    /// The text has a hyphen, a plus, a space or another character that is not an ASCII digit.
    #[error("must be ASCII digits only, without hyphen, plus or space")]
    NotDigits,
    /// The text starts with the international prefix `00`.
    #[error("must not start with 00")]
    LeadingZeros,
    /// The text has more than 15 digits.
    #[error("must have at most 15 digits")]
    TooLong,
}

impl FromStr for PhoneNumber {
    type Err = InvalidPhoneNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = Self::from(text);
        number.check().map(|()| number)
    }
}

impl From<String> for PhoneNumber {
    fn from(text: String) -> Self {
        Self(text)
    }
}

redacted_text!(PhoneNumber, scalar::text);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_normalised_to_the_gateways_format() {
        for (text, number) in [
            ("+86 131-0000-0000", "13100000000"),
            ("008613100000000", "13100000000"),
            ("+86 10 12345678", "01012345678"),
            ("+86 (010) 12345678", "01012345678"),
            ("＋８６１３１００００００００", "13100000000"),
            ("400-123-4567", "4001234567"),
            ("+86 400 123 4567", "4001234567"),
            ("01012345678", "01012345678"),
        ] {
            assert_eq!(PhoneNumber::normalise(text).unwrap().expose(), number, "{text}");
        }
        assert_eq!(PhoneNumber::normalise("+1 202 555 0100"), Err(InvalidPhoneNumber::NotDigits));
        assert_eq!(PhoneNumber::normalise("13100000000-1234-5678"), Err(InvalidPhoneNumber::TooLong));
        assert_eq!(PhoneNumber::normalise(" - "), Err(InvalidPhoneNumber::Empty));
    }

    #[test]
    fn a_number_is_checked_by_the_rule_of_the_guide() {
        for good in ["13100000000", "01012345678", "4001234567", "700101234567890", "1"] {
            assert_eq!(PhoneNumber::from(good).check(), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("", InvalidPhoneNumber::Empty),
            ("0013100000000", InvalidPhoneNumber::LeadingZeros),
            ("010-12345678", InvalidPhoneNumber::NotDigits),
            ("+8613100000000", InvalidPhoneNumber::NotDigits),
            ("1234567890123456", InvalidPhoneNumber::TooLong),
            ("１３１００００００００", InvalidPhoneNumber::NotDigits),
            ("131 0000 0000", InvalidPhoneNumber::NotDigits),
        ] {
            assert_eq!(PhoneNumber::from(bad).check(), Err(why), "{bad}");
        }
    }
}
