//! This crate: the request made and signed for each call, limits on, every field of the answer read.

use std::error::Error;
use std::hint::black_box;

use privacy_number::aliyun::{self, BindAxb};
use privacy_number::top::{self, OaidDecrypt};
use privacy_number::{Limits, Settings};

use super::path;
use crate::lane::Lane;
use crate::{Op, data};

/// Calls per second that no machine makes: each call takes its turn, and none waits for it.
const UNREACHED: u32 = 1_000_000_000;

#[derive(Clone)]
pub(crate) enum Ours {
    BindAxb(aliyun::Client, Box<BindAxb>),
    Decrypt20(top::Shop, OaidDecrypt),
}

pub(crate) fn lanes(op: Op, endpoint: &str, count: usize) -> Result<Vec<Ours>, Box<dyn Error>> {
    let limits = Limits::new().of("BindAxb", UNREACHED).of("taobao.top.oaid.decrypt", UNREACHED);
    let settings = Settings::new().limits(limits);
    let url = format!("{endpoint}{}", path(op));
    let lane = match op {
        Op::Bindaxb => {
            let client = aliyun::Client::builder().access_key(data::KEY, data::SECRET).endpoint(url);
            Ours::BindAxb(client.settings(settings).build()?, Box::new(data::bind_axb()))
        }
        Op::Decrypt20 => {
            let client = top::Client::builder().app(data::APP_KEY, data::APP_SECRET).endpoint(url);
            Ours::Decrypt20(client.settings(settings).build()?.shop(data::SESSION), data::decrypt())
        }
    };
    Ok(vec![lane; count])
}

impl Lane for Ours {
    /// A copy of the request stands for the making of one: every text in it is allocated anew.
    async fn call(&mut self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::BindAxb(client, bind) => {
                black_box(client.send(&BindAxb::clone(bind)).await?);
            }
            Self::Decrypt20(shop, decrypt) => {
                let answer = shop.send(&decrypt.clone()).await?;
                assert_eq!(black_box(answer).receivers.len(), 20);
            }
        }
        Ok(())
    }
}
