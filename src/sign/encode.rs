//! Percent-encoding as both gateways read it: RFC 3986, over UTF-8, upper-case hexadecimal.

use super::hexadecimal;

/// Encodes every byte but the unreserved characters of RFC 3986: a space is `%20`, `*` is `%2A`, `~` stays.
///
/// Source: Dyplsapi reference, chapter 3.3 (signature), step 1b.
///
/// ```
/// use privacy_number::sign::encode::percent_encode;
///
/// assert_eq!(percent_encode("a*b~c+d/e f"), "a%2Ab~c%2Bd%2Fe%20f");
/// assert_eq!(percent_encode("北京"), "%E5%8C%97%E4%BA%AC");
/// ```
#[must_use]
pub fn percent_encode(text: &str) -> String {
    let mut encoder = Encoder::<1>::with_capacity(text.len());
    encoder.push(text);
    encoder.into_text()
}

/// Text under construction, encoded as often as `TIMES` says: once for the wire, twice inside Aliyun's string to sign,
/// which holds the encoded query encoded again.
pub(crate) struct Encoder<const TIMES: usize>(Vec<u8>);

impl<const TIMES: usize> Encoder<TIMES> {
    /// Room for so many bytes before encoding, if about half of them are unreserved.
    pub(crate) fn with_capacity(plain: usize) -> Self {
        Self(Vec::with_capacity(plain.saturating_mul(TIMES.saturating_add(1))))
    }

    /// Appends a text with every reserved byte encoded.
    pub(crate) fn push(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let (plain, after) = rest.split_at(rest.iter().take_while(|byte| is_unreserved(**byte)).count());
            let (reserved, after) = after.split_at(after.iter().take_while(|byte| !is_unreserved(**byte)).count());
            self.0.extend_from_slice(plain);
            reserved.iter().for_each(|byte| self.push_escape(*byte));
            rest = after;
        }
    }

    /// Appends `name=value` pairs, joined by `&`. The joints are part of the text that is encoded the second time.
    pub(crate) fn push_pairs<'a>(&mut self, pairs: impl Iterator<Item = (&'a str, &'a str)>) {
        let mut is_first = true;
        for (name, value) in pairs {
            if !is_first {
                self.push_joint(b'&');
            }
            is_first = false;
            self.push(name);
            self.push_joint(b'=');
            self.push(value);
        }
    }

    /// Appends what is encoded already.
    pub(crate) fn push_raw(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn into_text(self) -> String {
        // Encoded text is ASCII.
        String::from_utf8(self.0).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    fn push_escape(&mut self, byte: u8) {
        let [high, low] = hexadecimal(byte);
        if TIMES == 1 {
            self.0.extend_from_slice(&[b'%', high, low]);
        } else {
            self.0.extend_from_slice(&[b'%', b'2', b'5', high, low]);
        }
    }

    fn push_joint(&mut self, joint: u8) {
        if TIMES == 1 {
            self.0.push(joint);
        } else {
            let [high, low] = hexadecimal(joint);
            self.0.extend_from_slice(&[b'%', high, low]);
        }
    }
}

/// `A-Z a-z 0-9 - _ . ~`.
fn is_unreserved(byte: u8) -> bool {
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    const UNRESERVED: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = u8::MIN;
        while byte < u8::MAX {
            table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
            byte += 1;
        }
        table
    };
    UNRESERVED.get(usize::from(byte)).is_some_and(|unreserved| *unreserved)
}
