//! What remains of a secret or a personal text in the memory of the process after it is dropped.

use privacy_number::aliyun::Credentials;
use privacy_number::{Private, Secret};
use zeroize::ZeroizeOnDrop;

fn assert_wiped_on_drop<T: ZeroizeOnDrop>() {}

#[test]
fn secrets_personal_texts_and_the_digests_that_take_them_in_are_wiped_by_type() {
    assert_wiped_on_drop::<Secret>();
    assert_wiped_on_drop::<Private>();
    assert_wiped_on_drop::<md5::Md5>();
    assert_wiped_on_drop::<sha1::Sha1>();
    assert_wiped_on_drop::<sha2::Sha256>();
}

#[cfg(target_os = "linux")]
mod memory {
    use std::fs::File;
    use std::os::unix::fs::FileExt;

    use super::{Credentials, Private, Secret};

    /// Longer than what an allocator writes into freed memory.
    const LENGTH: usize = 400;

    /// The bytes at an address of this process, whoever owns them now.
    fn read(address: usize, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        File::open("/proc/self/mem").unwrap().read_exact_at(&mut bytes, address as u64).unwrap();
        bytes
    }

    /// How many bytes of a text of this letter remain after it was dropped.
    fn left_of<T>(letter: u8, make: impl FnOnce(String) -> T, text_of: impl FnOnce(&T) -> &str) -> usize {
        let value = make(String::from_utf8(vec![letter; LENGTH]).unwrap());
        let address = text_of(&value).as_ptr() as usize;
        assert_eq!(read(address, LENGTH), vec![letter; LENGTH], "the text is where it is looked for");
        drop(value);
        read(address, LENGTH).into_iter().filter(|byte| *byte == letter).count()
    }

    #[test]
    fn nothing_of_a_secret_is_left_in_its_place() {
        assert!(left_of(b'p', |text| text, String::as_str) > LENGTH / 2, "a plain text is left as it was");
        assert!(left_of(b's', Secret::from, Secret::expose) < LENGTH / 20);
        assert!(left_of(b't', |text| Secret::from(text.as_str()), Secret::expose) < LENGTH / 20);
        assert!(left_of(b'q', Private::from, Private::expose) < LENGTH / 20);
    }

    #[test]
    fn nothing_of_a_text_is_left_where_it_became_a_secret() {
        // The text is moved and not copied, so no copy remains.
        let text = "k".repeat(LENGTH);
        let address = text.as_ptr() as usize;
        let secret = Secret::from(text);
        assert_eq!(secret.expose().as_ptr() as usize, address);
        let credentials = Credentials::new("id", secret);
        assert_eq!(read(address, LENGTH), vec![b'k'; LENGTH]);
        drop(credentials);
        assert!(read(address, LENGTH).into_iter().filter(|byte| *byte == b'k').count() < LENGTH / 20);
    }
}
