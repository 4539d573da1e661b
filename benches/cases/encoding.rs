//! From a request struct to the text of a form.

use std::hint::black_box;

use privacy_number::Params;
use privacy_number::sign::encode::percent_encode;

use super::{Case, copy_of, routine};
use crate::data;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![structs("BindAxb", data::bind_axb()), structs("decrypt of 20", data::decrypt())];
    cases.push(form("BindAxb", Params::from_struct(&data::bind_axb()).unwrap()));
    let decrypt = Params::from_struct(&data::decrypt()).unwrap();
    let (_, json) = decrypt.iter().next().unwrap();
    for (what, text) in [("a number", "15000000000"), ("Chinese", "文一西路969号淘宝城1号楼101室"), ("JSON", json)]
    {
        let text = text.to_owned();
        let finished = percent_encode(&text);
        cases.push(Case {
            name: format!("encode/percent_encode {what}"),
            ours: routine(move || percent_encode(black_box(&text))),
            floor_name: "copy of the text",
            floor: copy_of(finished),
        });
    }
    cases.push(form("decrypt of 20", decrypt));
    cases
}

fn structs<T: serde::Serialize + Clone + 'static>(what: &str, request: T) -> Case {
    let same = request.clone();
    Case {
        name: format!("encode/from_struct {what}"),
        ours: routine(move || Params::from_struct(black_box(&request))),
        floor_name: "serde_json::to_string",
        floor: routine(move || serde_json::to_string(black_box(&same))),
    }
}

fn form(what: &str, params: Params) -> Case {
    let finished = params.form_encoded();
    Case {
        name: format!("encode/form_encoded {what}"),
        ours: routine(move || black_box(&params).form_encoded()),
        floor_name: "copy of the text",
        floor: copy_of(finished),
    }
}
