//! Unique texts in place of everything that must stay hidden; new ones for every run.

use proptest::array::uniform5;
use proptest::strategy::Strategy;

use crate::samples::PrivateTexts;

/// The values for the fields of requests and responses.
#[derive(Debug, Clone)]
pub(super) struct Sentinels {
    pub(super) app_key: String,
    pub(super) app_secret: String,
    pub(super) session: String,
    pub(super) access_key_id: String,
    pub(super) access_key_secret: String,
    pub(super) security_token: String,
    /// The private texts of requests.
    pub(super) texts: PrivateTexts,
    /// The message of the gateway.
    pub(super) words: String,
    /// A signed link.
    pub(super) link: String,
}

impl Sentinels {
    pub(super) fn all(&self) -> Vec<&str> {
        let keys = [&self.app_key, &self.app_secret, &self.session, &self.access_key_id, &self.access_key_secret];
        let others = [&self.security_token, &self.words, &self.link];
        let others = keys.into_iter().chain(others).map(String::as_str);
        others.chain(self.texts.all()).collect()
    }
}

/// Keys of every length and alphabet, numbers of every kind, names and addresses with characters that escape.
pub(super) fn sentinels() -> impl Strategy<Value = Sentinels> {
    let keys = (
        "[1-9][0-9]{7}",
        uniform5("[A-Za-z0-9+/=_-]{16,48}"),
        "[A-Za-z0-9+/=]{24,100}",
        "LTAI[A-Za-z0-9]{16}",
        "https://[a-z]{8}\\.example\\.com/[a-z0-9]{12}\\.wav\\?Expires=1&Signature=[A-Za-z0-9]{20}%3D",
    );
    let numbers = (uniform5("1[3-9][0-9]{9}"), "0[1-9][0-9]{9}", "[0-9]{4}", "700[0-9]{12}");
    let report = ("[1-9][0-9]{16}[0-9X]", "[0-9]{6}/[a-z0-9]{16}\\.jpg");
    let texts = uniform5("[\\x{4e00}-\\x{9fa5}]{3,6}[ \"&<'\\\\]?[\\x{4e00}-\\x{9fa5}]{1,3}[0-9]{0,3}");
    let (words, name) = ("[a-z]{12}[ :,]{1,2}[\\x{4e00}-\\x{9fa5}]{4}", "[\\x{4e00}-\\x{9fa5}]{3,4}");
    (keys, numbers, report, texts, words, name).prop_map(|(keys, numbers, report, texts, words, name)| {
        let (app_key, secrets, oaid, access_key_id, link) = keys;
        let [app_secret, session, access_key_secret, security_token, once_token] = secrets;
        let ([phone_a, phone_b, phone_x, caller, extended], landline, extension, range_700) = numbers;
        let [other_name, address, town, remark, _] = texts;
        let (document_number, photo_path) = report;
        let extension = format!("{extended}-{extension}");
        let texts = PrivateTexts {
            once_token,
            oaid,
            phone_a,
            phone_b,
            phone_x,
            caller,
            landline,
            extension,
            range_700,
            name,
            other_name,
            document_number,
            photo_path,
            address,
            town,
            remark,
        };
        Sentinels { app_key, app_secret, session, access_key_id, access_key_secret, security_token, texts, words, link }
    })
}
