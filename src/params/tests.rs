use proptest::prelude::*;
use serde::Serialize;

use super::*;

#[derive(Serialize)]
struct Inner {
    name: &'static str,
    count: Option<u8>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    text: &'a str,
    absent: Option<&'a str>,
    empty: &'a str,
    yes: bool,
    count: u64,
    nested: Inner,
    list: Vec<Inner>,
    #[serde(rename = "trackNo")]
    track_no: &'a str,
    #[serde(serialize_with = "comma_separated")]
    commas: &'a [&'a str],
    #[serde(serialize_with = "crate::time::serialize_china_text")]
    expiration: chrono::DateTime<chrono::FixedOffset>,
}

#[test]
fn a_struct_becomes_wire_parameters() {
    let request = Request {
        text: "北京",
        absent: None,
        empty: "",
        yes: true,
        count: 9_007_199_254_740_993,
        nested: Inner { name: "\"鞋子\"", count: None },
        list: vec![Inner { name: "a", count: Some(1) }],
        track_no: "运单*1",
        commas: &["13100000000", "01012345678"],
        expiration: chrono::DateTime::parse_from_rfc3339("2027-09-05T04:00:00Z").unwrap(),
    };
    let params = Params::from_struct(&request).unwrap();
    assert_eq!(
        params.iter().collect::<Vec<_>>(),
        [
            ("Text", "北京"),
            ("Empty", ""),
            ("Yes", "true"),
            ("Count", "9007199254740993"),
            ("Nested", r#"{"name":"\"鞋子\"","count":null}"#),
            ("List", r#"[{"name":"a","count":1}]"#),
            ("trackNo", "运单*1"),
            ("Commas", "13100000000,01012345678"),
            ("Expiration", "2027-09-05 12:00:00"),
        ]
    );
}

#[test]
fn a_value_that_is_not_a_struct_is_refused() {
    let error = Params::from_struct("text").unwrap_err();
    assert_eq!(error.field(), "request");
}

#[test]
fn a_field_that_cannot_be_written_is_named_without_its_value() {
    struct Unserializable;
    impl Serialize for Unserializable {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("13100000000"))
        }
    }
    #[derive(Serialize)]
    struct Holder {
        phone_no_a: Unserializable,
    }
    let error = Params::from_struct(&Holder { phone_no_a: Unserializable }).unwrap_err();
    assert_eq!(error.field(), "phone_no_a");
    assert!(!format!("{error} {error:?}").contains("131"));
}

proptest! {
    #[test]
    fn the_order_of_insertion_never_matters_once_sorted(
        pairs in proptest::collection::btree_map("[A-Za-z_][A-Za-z0-9_]{0,8}", any::<String>(), 0..12),
        seed in any::<usize>(),
    ) {
        let mut shuffled: Vec<_> = pairs.clone().into_iter().collect();
        for index in 0..shuffled.len() {
            let other = seed.wrapping_mul(index + 7) % shuffled.len();
            shuffled.swap(index, other);
        }
        let expected: Params = pairs.clone().into_iter().collect();
        let actual: Params = shuffled.into_iter().collect();
        prop_assert_eq!(expected.sorted(), actual.sorted());
        prop_assert_eq!(actual.sorted().len(), pairs.len());
    }

    #[test]
    fn names_sort_by_their_bytes_and_equal_ones_stay_in_order(
        names in proptest::collection::vec("[AaB_\u{0}é]{0,10}", 0..30),
    ) {
        let pairs: Vec<(String, String)> =
            names.into_iter().enumerate().map(|(place, name)| (name, place.to_string())).collect();
        let params: Params = pairs.iter().cloned().collect();
        let mut expected: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        expected.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
        prop_assert_eq!(params.sorted(), expected);
    }
}
