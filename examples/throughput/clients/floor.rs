//! The two parts that every client needs: the digest of the text to sign, and parsing the JSON of the response.

use std::error::Error;
use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use privacy_number::sign::pop::{HttpMethod, string_to_sign};
use privacy_number::sign::top::sorted_text;
use sha1::Sha1;
use sha2::Sha256;

use crate::data::{self, PlainBind, PlainDecryption};
use crate::options::Op;
use crate::worker::Worker;

pub(crate) struct Floor {
    op: Op,
    text: String,
    answer: String,
}

impl Floor {
    pub(crate) fn new(op: Op) -> Self {
        let (text, answer) = match op {
            Op::Bindaxb => (string_to_sign(HttpMethod::Post, &data::pop_params()), data::bind_json()),
            Op::Decrypt20 => (sorted_text(&data::top_params()), data::decrypt_json()),
        };
        Self { op, text, answer }
    }
}

impl Worker for Floor {
    async fn call(&mut self) -> Result<(), Box<dyn Error>> {
        let (text, answer) = (black_box(self.text.as_bytes()), black_box(self.answer.as_bytes()));
        match self.op {
            Op::Bindaxb => {
                black_box(digest::<Hmac<Sha1>>(&format!("{}&", data::SECRET), text));
                black_box(serde_json::from_slice::<PlainBind>(answer)?);
            }
            Op::Decrypt20 => {
                black_box(digest::<Hmac<Sha256>>(data::APP_SECRET, text));
                black_box(serde_json::from_slice::<PlainDecryption>(answer)?);
            }
        }
        Ok(())
    }
}

fn digest<M: Mac + KeyInit>(key: &str, text: &[u8]) -> hmac::digest::CtOutput<M> {
    <M as KeyInit>::new_from_slice(black_box(key.as_bytes())).unwrap().chain_update(text).finalize()
}
