//! A photo of a report, checked before anything is sent.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// A photo of a report: PNG or JPEG, at most [`MAX_BYTES`](Self::MAX_BYTES). Wiped from memory when the last clone is
/// dropped; `Debug` shows only its length.
///
/// Source: help page of the upload of photos.
///
/// ```
/// use privacy_number::aliyun::{InvalidPhoto, Photo};
///
/// let photo = Photo::new(b"\xFF\xD8\xFF\xE0 and the rest of a JPEG".to_vec())?;
/// assert_eq!(Photo::new(b"GIF89a".to_vec()).unwrap_err(), InvalidPhoto::NotAPhoto);
/// # Ok::<(), InvalidPhoto>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    bytes: Arc<Zeroizing<Vec<u8>>>,
    kind: PhotoKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PhotoKind {
    Png,
    Jpeg,
}

impl Photo {
    /// The most bytes of a photo. The documents say 2 MB and not which: it is taken as 2,000,000 bytes, the smaller
    /// one.
    pub const MAX_BYTES: usize = 2_000_000;

    /// Checks a photo by its bytes.
    ///
    /// # Errors
    /// [`InvalidPhoto::TooLarge`], [`InvalidPhoto::NotAPhoto`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, InvalidPhoto> {
        let bytes = Zeroizing::new(bytes.into());
        let kind = PhotoKind::of(&bytes).ok_or(InvalidPhoto::NotAPhoto)?;
        if bytes.len() > Self::MAX_BYTES {
            return Err(InvalidPhoto::TooLarge { bytes: bytes.len() });
        }
        Ok(Self { bytes: Arc::new(bytes), kind })
    }

    /// Checks a photo by the name of its file too. The name is not sent.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`InvalidPhoto::WrongName`] unless the name ends in `.png` for a PNG, in `.jpg` or
    /// `.jpeg` for a JPEG. Case does not matter.
    pub fn named(file_name: &str, bytes: impl Into<Vec<u8>>) -> Result<Self, InvalidPhoto> {
        let photo = Self::new(bytes)?;
        let end = file_name.rsplit_once('.').map(|(_, end)| end).unwrap_or_default();
        let ends: &[&str] = match photo.kind {
            PhotoKind::Png => &["png"],
            PhotoKind::Jpeg => &["jpg", "jpeg"],
        };
        let is_right = ends.iter().any(|right| end.eq_ignore_ascii_case(right));
        if is_right { Ok(photo) } else { Err(InvalidPhoto::WrongName) }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn media_type(&self) -> &'static str {
        match self.kind {
            PhotoKind::Png => "image/png",
            PhotoKind::Jpeg => "image/jpeg",
        }
    }

    /// What the name of its file ends in.
    pub(super) fn extension(&self) -> &'static str {
        match self.kind {
            PhotoKind::Png => "png",
            PhotoKind::Jpeg => "jpg",
        }
    }
}

impl PhotoKind {
    /// The kind by the first bytes.
    fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"\xFF\xD8\xFF") {
            Some(Self::Jpeg)
        } else {
            None
        }
    }
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Photo").field("bytes", &self.bytes.len()).field("kind", &self.kind).finish()
    }
}

/// Why bytes are no photo of a report. Nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPhoto {
    /// More than [`Photo::MAX_BYTES`].
    #[error("a photo must have at most 2 MB, not {bytes} bytes")]
    TooLarge {
        /// How many there are.
        bytes: usize,
    },
    /// The bytes do not begin as a PNG or a JPEG does.
    #[error("the bytes are no PNG and no JPEG")]
    NotAPhoto,
    /// The name of the file does not end in `.png`, `.jpg` or `.jpeg`, or says another kind than the bytes.
    #[error("the name of the file must end in .png, .jpg or .jpeg, as the bytes are")]
    WrongName,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_wiped_by_its_field_and_not_shown() {
        fn is_wiped(_: &Arc<impl zeroize::ZeroizeOnDrop>) {}
        let photo = Photo::new(b"\xFF\xD8\xFFabc".as_slice()).unwrap();
        is_wiped(&photo.bytes);
        assert_eq!(format!("{photo:?}"), "Photo { bytes: 6, kind: Jpeg }");
    }

    #[test]
    fn a_photo_is_judged_by_its_bytes_its_length_and_its_name() {
        let of = |start: &[u8], length: usize| {
            let mut bytes = start.to_vec();
            bytes.resize(length, 0);
            bytes
        };
        let (png, jpeg) = (of(b"\x89PNG\r\n\x1A\n", 100), of(b"\xFF\xD8\xFF\xE1", 2_000_000));
        assert_eq!(Photo::new(png.clone()).unwrap().media_type(), "image/png");
        assert_eq!(Photo::new(jpeg.clone()).unwrap().extension(), "jpg");
        assert_eq!(Photo::new(of(b"\xFF\xD8\xFF", 2_000_001)), Err(InvalidPhoto::TooLarge { bytes: 2_000_001 }));
        for other in [&b""[..], b"GIF89a", b"\xFF\xD8", b"%PDF-1.7", b"\x89PNG"] {
            assert_eq!(Photo::new(other), Err(InvalidPhoto::NotAPhoto));
        }
        for name in ["a.jpg", "a.b.JPEG"] {
            assert!(Photo::named(name, jpeg.clone()).is_ok(), "{name}");
        }
        for name in ["a.png", "a", "jpg", "a.jpg.exe", ""] {
            assert_eq!(Photo::named(name, jpeg.clone()), Err(InvalidPhoto::WrongName), "{name}");
        }
        assert!(Photo::named("a.PNG", png.clone()).is_ok());
        assert_eq!(Photo::named("a.jpg", png), Err(InvalidPhoto::WrongName));
    }
}
