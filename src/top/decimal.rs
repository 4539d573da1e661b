//! An exact decimal number, for amounts of money.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::scalar;

/// An exact decimal number, such as an amount of money in a bill: never a floating-point number.
///
/// At most 38 digits. `Display` writes the number of decimals that the gateway sent; comparison ignores it: `0.3`
/// equals `0.30`.
///
/// ```
/// use privacy_number::top::Decimal;
///
/// let rent: Decimal = "0.45".parse()?;
/// let calls: Decimal = "0.3".parse()?;
/// assert_eq!(rent.checked_add(calls), Some("0.75".parse()?));
/// assert_eq!(Decimal::sum([rent, calls]).unwrap().to_string(), "0.75");
/// # Ok::<(), privacy_number::top::InvalidDecimal>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Decimal {
    /// The number without its decimal point.
    digits: i128,
    /// How many digits are behind the decimal point.
    scale: u32,
}

/// The most digits behind the decimal point.
const MAX_SCALE: u32 = 18;

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { digits: 0, scale: 0 };

    /// The sum, with the larger number of decimals; `None` if it has more than 38 digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let digits = self.digits_at(scale)?.checked_add(other.digits_at(scale)?)?;
        Some(Self { digits, scale })
    }

    /// The sum of many numbers; `None` if it has more than 38 digits.
    pub fn sum(numbers: impl IntoIterator<Item = Self>) -> Option<Self> {
        numbers.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// The number times 10 to the power of `scale`, which is not below its own.
    fn digits_at(self, scale: u32) -> Option<i128> {
        self.digits.checked_mul(10_i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }

    /// The same number with the fewest decimals.
    fn normalised(self) -> Self {
        let mut number = self;
        while number.scale > 0 && number.digits.checked_rem(10) == Some(0) {
            number.digits = number.digits.checked_div(10).unwrap_or_default();
            number.scale = number.scale.saturating_sub(1);
        }
        number
    }
}

/// Why a text is no [`Decimal`]. The error never contains the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a decimal number of at most 38 digits, 18 of them behind the point")]
#[non_exhaustive]
pub struct InvalidDecimal;

impl FromStr for Decimal {
    type Err = InvalidDecimal;

    /// Digits with or without a sign and a decimal point. Neither grouping nor an exponent is accepted.
    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        let text = text.trim();
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let scale = u32::try_from(fraction.len()).map_err(|_| InvalidDecimal)?;
        if whole.is_empty() && fraction.is_empty() || !is_digits(whole) || !is_digits(fraction) || scale > MAX_SCALE {
            return Err(InvalidDecimal);
        }
        let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| InvalidDecimal)?;
        let digits = if text.starts_with('-') { digits.checked_neg().ok_or(InvalidDecimal)? } else { digits };
        Ok(Self { digits, scale })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let scale = usize::try_from(self.scale).unwrap_or_default();
        let width = scale.saturating_add(1);
        let digits = format!("{:0>width$}", self.digits.unsigned_abs());
        match digits.split_at_checked(digits.len().saturating_sub(scale)) {
            Some((whole, fraction)) if scale > 0 => write!(f, "{sign}{whole}.{fraction}"),
            _ => write!(f, "{sign}{digits}"),
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.normalised(), other.normalised());
        (one.digits, one.scale) == (other.digits, other.scale)
    }
}

impl Eq for Decimal {}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let number = self.normalised();
        (number.digits, number.scale).hash(state);
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.digits_at(scale), other.digits_at(scale)) {
            (Some(one), Some(other)) => one.cmp(&other),
            // A number that overflows at the common scale has more digits before the point than the other one.
            (None, _) => self.digits.cmp(&0),
            (_, None) => 0.cmp(&other.digits),
        }
    }
}

impl Serialize for Decimal {
    /// Writes the number as text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    /// Reads text, or a number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar::number(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_number_is_written_with_its_decimals_and_compared_without() {
        for text in ["0", "0.45", "0.30", "12", "-0.05", "100.000", "99999999999999999999.999999999999999999"] {
            assert_eq!(decimal(text).to_string(), text);
        }
        assert_eq!((decimal(".5").to_string(), decimal("5.").to_string()), ("0.5".to_owned(), "5".to_owned()));
        assert_eq!(decimal("0.30"), decimal("0.3"));
        assert!(decimal("-0.30") < decimal("0.299") && decimal("0.3") < decimal("0.31"));
        let large = "99999999999999999999999999999999999999";
        assert!(decimal(large) > decimal("0.000000000000000001"));
        assert!(decimal("0.000000000000000001") > decimal(&format!("-{large}")));
    }

    #[test]
    fn what_is_no_plain_decimal_number_is_refused() {
        for text in ["", ".", "-", "1,000.00", "1e3", "0x1", "１", "1.2.3", "0.1234567890123456789", "--1", "1 2"] {
            assert_eq!(text.parse::<Decimal>(), Err(InvalidDecimal), "{text}");
        }
        assert!("9".repeat(40).parse::<Decimal>().is_err());
    }

    #[test]
    fn a_sum_is_exact_or_nothing() {
        // 0.1 + 0.2 is 0.30000000000000004 as floating-point numbers.
        assert_eq!(Decimal::sum(["0.1", "0.2"].map(decimal)).unwrap().to_string(), "0.3");
        let large = decimal("99999999999999999999999999999999999999");
        assert_eq!(large.checked_add(decimal("0.1")), None);
        assert_eq!(Decimal::sum([]), Some(Decimal::ZERO));
    }
}
