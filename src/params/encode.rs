//! Percent-encoding as both gateways expect it: RFC 3986 over UTF-8, with upper-case hexadecimal digits.

/// Percent-encodes every byte except the unreserved characters of RFC 3986: a space becomes `%20`, `*` becomes `%2A`,
/// `~` stays.
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
    let mut encoded = Encoded::with_capacity(text.len());
    encoded.push(text);
    encoded.into_text()
}

/// A buffer that percent-encodes what is appended.
///
/// With the crate `percent-encoding` in two passes, sorting, encoding and signing a `BindAxb` takes 2.1 times as long
/// (1.0 to 2.1 µs), and writing the form of a decryption of 20 takes 1.7 times as long (1.6 to 2.8 µs).
pub(crate) trait Encoder {
    /// Appends unreserved bytes.
    fn push_plain(&mut self, bytes: &[u8]);

    /// Appends a reserved byte, encoded.
    fn push_reserved(&mut self, byte: u8);

    /// Appends the `&` or `=` between names and values.
    fn push_separator(&mut self, separator: u8);

    /// Appends a text, with every reserved byte encoded.
    fn push(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        loop {
            let unreserved = rest.iter().position(|byte| !is_unreserved(*byte)).unwrap_or(rest.len());
            let (plain, after) = rest.split_at(unreserved);
            self.push_plain(plain);
            let Some((byte, after)) = after.split_first() else { return };
            self.push_reserved(*byte);
            rest = after;
        }
    }

    /// Appends `name=value` pairs, joined by `&`.
    fn push_pairs<'a>(&mut self, pairs: impl Iterator<Item = (&'a str, &'a str)>) {
        let mut is_first = true;
        for (name, value) in pairs {
            if !is_first {
                self.push_separator(b'&');
            }
            is_first = false;
            self.push(name);
            self.push_separator(b'=');
            self.push(value);
        }
    }
}

/// Encoded for the wire: `%E5`.
pub(crate) struct Encoded(Vec<u8>);

/// Encoded twice, separators once, as in Aliyun's string to sign: `%25E5`.
pub(crate) struct DoubleEncoded(Vec<u8>);

impl Encoded {
    /// An empty buffer with room for `plain` bytes before encoding, if about half of them are unreserved.
    pub(crate) fn with_capacity(plain: usize) -> Self {
        Self(Vec::with_capacity(plain.saturating_mul(2)))
    }

    /// Appends text that is already encoded.
    pub(crate) fn push_raw(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn into_text(self) -> String {
        into_text(self.0)
    }
}

impl Encoder for Encoded {
    fn push_plain(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn push_reserved(&mut self, byte: u8) {
        let [high, low] = hexadecimal(byte);
        self.0.extend_from_slice(&[b'%', high, low]);
    }

    fn push_separator(&mut self, separator: u8) {
        self.0.push(separator);
    }
}

impl DoubleEncoded {
    /// A buffer that starts with text that is already encoded, with room for `plain` more bytes before encoding.
    pub(crate) fn starting_with(prefix: [&str; 2], plain: usize) -> Self {
        let mut text = Vec::with_capacity(plain.saturating_mul(3));
        prefix.iter().for_each(|part| text.extend_from_slice(part.as_bytes()));
        Self(text)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn into_text(self) -> String {
        into_text(self.0)
    }
}

impl Encoder for DoubleEncoded {
    fn push_plain(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn push_reserved(&mut self, byte: u8) {
        let [high, low] = hexadecimal(byte);
        self.0.extend_from_slice(&[b'%', b'2', b'5', high, low]);
    }

    fn push_separator(&mut self, separator: u8) {
        let [high, low] = hexadecimal(separator);
        self.0.extend_from_slice(&[b'%', high, low]);
    }
}

/// Fills both buffers in one pass, for a text that is signed and sent.
impl Encoder for (Encoded, DoubleEncoded) {
    fn push_plain(&mut self, bytes: &[u8]) {
        self.0.push_plain(bytes);
        self.1.push_plain(bytes);
    }

    fn push_reserved(&mut self, byte: u8) {
        self.0.push_reserved(byte);
        self.1.push_reserved(byte);
    }

    fn push_separator(&mut self, separator: u8) {
        self.0.push_separator(separator);
        self.1.push_separator(separator);
    }
}

/// Encoded text is ASCII.
fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
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

/// A byte as two hexadecimal digits, `0-9A-F`.
pub(crate) fn hexadecimal(byte: u8) -> [u8; 2] {
    HEXADECIMAL.get(usize::from(byte)).copied().unwrap_or_default()
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const HEXADECIMAL: [[u8; 2]; 256] = {
    let digits = b"0123456789ABCDEF";
    let mut table = [[0; 2]; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    table
};
