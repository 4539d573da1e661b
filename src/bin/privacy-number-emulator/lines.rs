//! What the server prints: what a client needs, and a line for each request.

use std::io::Write;

use privacy_number::emulator::{Emulator, Entry};
use serde_json::json;

/// The text shows at most this many orders.
const MOST_SHOWN: usize = 8;

pub(crate) fn print_info(emulator: &Emulator, as_json: bool) {
    if as_json {
        return print(&emulator.info().to_string());
    }
    let orders = emulator.orders().into_iter().take(MOST_SHOWN).map(|(tid, oaid)| format!("\n  {tid} {oaid}"));
    print(&format!(
        "TOP             {}\n  app key       {}\n  app secret    {}\n  session       {}\n\
         Alibaba Cloud   {aliyun}\n  access key id {}\n  secret        {}\n  pool key      {}\n\
         queues (MNS)    {}, such as {}\n\
         controls        {aliyun}/_emulator/\n\
         orders, as tid and oaid{}",
        emulator.top_endpoint(),
        emulator.app_key(),
        emulator.app_secret(),
        emulator.session(),
        emulator.access_key_id(),
        emulator.access_key_secret(),
        emulator.pool_key(),
        emulator.mns_endpoint(),
        emulator.queue_name("SecretReport"),
        orders.collect::<String>(),
        aliyun = emulator.aliyun_endpoint(),
    ));
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
