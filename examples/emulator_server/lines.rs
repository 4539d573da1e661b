//! What the server prints: the keys, and a line for each request.

use std::io::Write;

use privacy_number::emulator::{Emulator, Entry};
use serde_json::json;

use crate::emulator_keys::{EmulatorKeys, Order};

/// The text shows at most this many orders.
const MOST_SHOWN: usize = 8;

pub(crate) fn print_keys(emulator: &Emulator, as_json: bool) -> serde_json::Result<()> {
    let keys = EmulatorKeys::with_orders(emulator);
    if as_json {
        print(&serde_json::to_string(&keys)?);
        return Ok(());
    }
    let EmulatorKeys { top, app_key, app_secret, session, aliyun, access_key_id, access_key_secret, pool_key, orders } =
        keys;
    let orders = orders.iter().take(MOST_SHOWN).map(|Order { tid, oaid }| format!("\n  {tid} {oaid}"));
    print(&format!(
        "TOP             {top}\n  app key       {app_key}\n  app secret    {app_secret}\n  session       {session}\n\
         Alibaba Cloud   {aliyun}\n  access key id {access_key_id}\n  secret        {access_key_secret}\n  \
         pool key      {pool_key}\n\
         controls        {aliyun}/_emulator/\norders, as tid and oaid{}",
        orders.collect::<String>()
    ));
    Ok(())
}

pub(crate) fn print_request(entry: &Entry, as_json: bool) {
    let Entry { time, operation, code, executed, fault, request_id, shop, attempt, .. } = entry;
    if !as_json {
        let fault = fault.map(|fault| format!(" [{fault}]")).unwrap_or_default();
        return print(&format!("{operation} {code}{fault}"));
    }
    let line = json!({
        "time": time.to_rfc3339(),
        "operation": operation,
        "code": code,
        "executed": executed,
        "fault": fault,
        "request_id": request_id,
        "shop": shop,
        "attempt": attempt,
        "parameters": entry.parameters().collect::<Vec<_>>(),
    });
    print(&line.to_string());
}

/// Prints a line. The server continues if nobody reads its output any more.
fn print(line: &str) {
    let mut output = std::io::stdout().lock();
    let _ = writeln!(output, "{line}").and_then(|()| output.flush());
}
