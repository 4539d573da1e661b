//! Bare `reqwest`: one client with the settings of this crate. The request body is ready, and the response is
//! discarded.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use reqwest::{StatusCode, Url, redirect};

use super::{FORM, TIMEOUT, USER_AGENT, path, signed_form};
use crate::data;
use crate::options::Op;
use crate::worker::Worker;

#[derive(Clone)]
pub(crate) struct Bare {
    client: reqwest::Client,
    url: Url,
    form: Bytes,
}

pub(crate) fn workers(op: Op, endpoint: &str, count: usize) -> Result<Vec<Bare>, Box<dyn Error>> {
    let client = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(Duration::from_secs(3))
        .pool_idle_timeout(Duration::from_secs(8))
        .user_agent(USER_AGENT)
        .build()?;
    let worker = Bare { client, url: Url::parse(endpoint)?.join(path(op))?, form: signed_form(op, &data::stamp()) };
    Ok(vec![worker; count])
}

impl Worker for Bare {
    async fn call(&mut self) -> Result<(), Box<dyn Error>> {
        let request = self.client.post(self.url.clone()).header(CONTENT_TYPE, FORM).timeout(TIMEOUT);
        let mut response = request.body(self.form.clone()).send().await?;
        if response.status() != StatusCode::OK {
            return Err(format!("the server returned HTTP {}", response.status()).into());
        }
        while response.chunk().await?.is_some() {}
        Ok(())
    }
}
