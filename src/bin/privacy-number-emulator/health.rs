//! Asks an emulator whether it runs, for the health check of a container.

use std::time::Duration;

use reqwest::{StatusCode, Url};

use crate::problem::Problem;

const TIMEOUT: Duration = Duration::from_secs(3);
const REMEDY: &str = "check the address, and whether the emulator was started";

/// Succeeds if the emulator at this URL answers.
pub(crate) async fn check(url: &Url) -> Result<(), Problem> {
    let failed = |what: &str| {
        Problem::new(format_args!("no emulator answers at {}: {what}", url.origin().ascii_serialization()), REMEDY)
    };
    let health = url.join("/_emulator/health").map_err(|_| failed("it is not a base URL"))?;
    let client = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).no_proxy();
    let client = client.build().map_err(|_| failed("the HTTP client cannot be built"))?;
    match client.get(health).send().await {
        Ok(response) if response.status() == StatusCode::OK => Ok(()),
        Ok(response) => Err(failed(response.status().as_str())),
        Err(error) if error.is_timeout() => Err(failed("no response in 3 seconds")),
        Err(_) => Err(failed("no connection")),
    }
}
