//! Encryption at rest: the keys, and how a text is hashed and a row is encrypted.

mod cipher;

use std::fmt;
use std::sync::Arc;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Generate, Key};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

pub(super) use cipher::{Cipher, KeyId};
use cipher::{KEY_LENGTH, no_random_numbers};

use super::{StoreError, Table};
use crate::invalid::InvalidRequest;
use crate::redact::Secret;

/// A key of 256 bits that is wiped from memory when it is dropped, with its text form.
macro_rules! key {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone)]
        pub struct $name(Zeroizing<[u8; KEY_LENGTH]>);

        impl $name {
            /// A new random key.
            ///
            /// # Errors
            /// [`StoreError::Unavailable`] if the system has no random numbers.
            pub fn generate() -> Result<Self, StoreError> {
                Ok(Self(Zeroizing::new(random_key()?)))
            }

            /// The key in Base64: 44 characters for 32 bytes.
            ///
            /// # Errors
            /// [`InvalidRequest`] if the text is not 32 bytes in Base64. The error does not show it.
            pub fn from_base64(text: &Secret) -> Result<Self, InvalidRequest> {
                key_from_base64(text).map(Self)
            }

            /// The key in Base64, to keep it where other secrets are kept.
            #[must_use]
            pub fn to_base64(&self) -> Secret {
                STANDARD.encode(*self.0).into()
            }
        }

        /// Shows nothing.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    };
}

key! {
    /// A key for the content of rows: AES-256. It can be replaced: [`EncryptionKeys::previous`].
    EncryptionKey
}

key! {
    /// The key of the hashes under which rows are found: HMAC-SHA256. It stays the same as long as the store is used,
    /// because with another one no row can be found.
    LookupKey
}

/// The keys of an [`EncryptedStore`](super::EncryptedStore). Cheap to clone.
///
/// ```
/// use privacy_number::store::{EncryptionKey, EncryptionKeys, LookupKey};
///
/// # let (lookup, first, second) = (LookupKey::generate()?, EncryptionKey::generate()?, EncryptionKey::generate()?);
/// let keys = EncryptionKeys::new(first.clone(), lookup.clone());
/// // Later: new rows are encrypted with the second key, and the old ones can still be read.
/// let keys = EncryptionKeys::new(second, lookup).previous(first);
/// # Ok::<(), privacy_number::store::StoreError>(())
/// ```
#[derive(Clone)]
pub struct EncryptionKeys {
    lookup: LookupKey,
    current: Arc<Cipher>,
    previous: Vec<Arc<Cipher>>,
}

impl EncryptionKeys {
    /// The key that encrypts, and the key of the hashes. A key encrypts at most 2³² rows, because each row has a random
    /// nonce of 96 bits: replace it before that.
    #[must_use]
    pub fn new(current: EncryptionKey, lookup: LookupKey) -> Self {
        Self { lookup, current: Arc::new(Cipher::new(&current.0)), previous: Vec::new() }
    }

    /// A key that encrypted earlier rows. It only decrypts.
    #[must_use]
    pub fn previous(mut self, key: EncryptionKey) -> Self {
        self.previous.push(Arc::new(Cipher::new(&key.0)));
        self
    }

    pub(super) fn current(&self) -> &Cipher {
        &self.current
    }

    /// The ids of all keys, the current one first.
    pub(super) fn ids(&self) -> impl Iterator<Item = KeyId> {
        self.ciphers().map(Cipher::id)
    }

    /// Decrypts what [`Cipher::encrypt`] made, with the key that made it.
    pub(super) fn decrypt(&self, encrypted: &[u8], data: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let id = Cipher::id_in(encrypted)?;
        let cipher = self.ciphers().find(|cipher| cipher.id() == id);
        cipher.ok_or_else(|| id.wrong_key())?.decrypt(encrypted, data)
    }

    /// A hash of a text in a column of a table: 43 characters.
    pub(super) fn lookup(&self, table: Table, column: &str, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.hash(&[table.name(), column, text]))
    }

    /// What tells this lookup key from others, and does not tell what it is.
    pub(super) fn lookup_check(&self) -> [u8; KEY_LENGTH] {
        self.hash(&["the lookup key of the store"])
    }

    fn hash(&self, parts: &[&str]) -> [u8; KEY_LENGTH] {
        let mut mac = match <Hmac<Sha256> as KeyInit>::new_from_slice(self.lookup.0.as_slice()) {
            Ok(mac) => mac,
            // HMAC takes keys of every length.
            Err(_) => return [0; KEY_LENGTH],
        };
        for part in parts {
            // Only the last part may hold a zero byte.
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        mac.finalize().into_bytes().into()
    }

    fn ciphers(&self) -> impl Iterator<Item = &Cipher> {
        std::iter::once(&self.current).chain(&self.previous).map(Arc::as_ref)
    }
}

/// Shows the ids of the keys, which are hashes.
impl fmt::Debug for EncryptionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptionKeys").field("ids", &self.ids().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

fn random_key() -> Result<[u8; KEY_LENGTH], StoreError> {
    let mut key = Key::<Aes256Gcm>::try_generate().map_err(|_| no_random_numbers())?;
    let bytes = key.0;
    zeroize::Zeroize::zeroize(key.as_mut_slice());
    Ok(bytes)
}

fn key_from_base64(text: &Secret) -> Result<Zeroizing<[u8; KEY_LENGTH]>, InvalidRequest> {
    let wrong = || InvalidRequest::new("key", "must be 32 bytes in Base64");
    let bytes = Zeroizing::new(STANDARD.decode(text.expose().trim()).map_err(|_| wrong())?);
    let key: &[u8; KEY_LENGTH] = bytes.as_slice().try_into().map_err(|_| wrong())?;
    Ok(Zeroizing::new(*key))
}
