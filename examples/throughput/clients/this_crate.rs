//! This crate: builds and signs the request of each call, with limits, and reads every field of the response.

use std::error::Error;
use std::hint::black_box;

use privacy_number::aliyun::{self, BindAxb};
use privacy_number::top::{self, OaidDecrypt};
use privacy_number::{Limits, Settings};

use super::path;
use crate::data;
use crate::options::Op;
use crate::worker::Worker;

/// More calls per second than any machine makes: each call takes a turn, and none waits.
const UNREACHED: u32 = 1_000_000_000;

#[derive(Clone)]
pub(crate) enum Ours {
    BindAxb(aliyun::Client, Box<BindAxb>),
    Decrypt20(top::Shop, OaidDecrypt),
}

pub(crate) fn workers(op: Op, endpoint: &str, count: usize) -> Result<Vec<Ours>, Box<dyn Error>> {
    let limits = Limits::new().of("BindAxb", UNREACHED).of("taobao.top.oaid.decrypt", UNREACHED);
    let settings = Settings::new().limits(limits);
    let url = format!("{endpoint}{}", path(op));
    let worker = match op {
        Op::Bindaxb => {
            let client = aliyun::Client::builder().access_key(data::KEY, data::SECRET).endpoint(url);
            Ours::BindAxb(client.settings(settings).build()?, Box::new(data::bind_axb()))
        }
        Op::Decrypt20 => {
            let client = top::Client::builder().app(data::APP_KEY, data::APP_SECRET).endpoint(url);
            Ours::Decrypt20(client.settings(settings).build()?.shop(data::SESSION), data::decrypt())
        }
    };
    Ok(vec![worker; count])
}

impl Worker for Ours {
    /// Each call copies the request. The copy stands for building the request: it allocates every string.
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
