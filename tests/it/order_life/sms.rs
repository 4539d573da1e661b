//! Text messages: batches with their own results, none repeated after an unknown outcome.

use privacy_number::emulator::{Emulator, Fault};
use privacy_number::top::{SmsEntry, SmsMessageDirectBatchsend};
use privacy_number::{Advice, Operation};

use super::{count, emulator, oaid, shop_of, tid};

fn entry(order: usize) -> SmsEntry {
    SmsEntry::builder().oaid(oaid(order)).order_id(tid(order)).sign_name("签名").build()
}

fn messages(entries: Vec<SmsEntry>) -> SmsMessageDirectBatchsend {
    SmsMessageDirectBatchsend::builder().sms_template_code("SMS_1").entries(entries).build()
}

fn sent(emulator: &Emulator) -> usize {
    emulator.gateways().text_messages().as_array().unwrap().len()
}

#[tokio::test]
async fn each_batch_has_its_own_result_and_none_is_repeated() {
    let emulator = emulator(170).await;
    let name = SmsMessageDirectBatchsend::NAME;
    // The second batch is lost after it was sent, the third before.
    emulator.inject(Fault::reset_after_execution().on(name).after(1).times(1));
    emulator.inject(Fault::error("isv.oaid-invalid").on(name).after(1).times(1));
    let batches = shop_of(&emulator).send_sms_batches(messages((1..=170).map(entry).collect())).await.unwrap();
    let results: Vec<_> =
        batches.iter().map(|batch| (batch.entries.len(), batch.result.is_ok(), batch.may_have_been_sent())).collect();
    assert_eq!(results, [(50, true, false), (50, false, true), (50, false, false), (20, true, false)]);
    assert_eq!(batches[1].result.as_ref().unwrap_err().advice(), Advice::Reconcile);
    assert_eq!((count::<SmsMessageDirectBatchsend>(&emulator), sent(&emulator)), (4, 120));
}

#[tokio::test]
async fn one_bad_entry_stops_all_batches_before_anything_is_sent() {
    let emulator = emulator(120).await;
    let shop = shop_of(&emulator);
    let refused = async |change: fn(&mut SmsEntry)| {
        let mut entries: Vec<_> = (1..=120).map(entry).collect();
        change(&mut entries[110]);
        shop.send_sms_batches(messages(entries)).await.unwrap_err().field().to_owned()
    };
    assert_eq!(refused(|entry| entry.sign_name = "【签名】".to_owned()).await, "batch[2].entries[10].sign_name");
    assert_eq!(refused(|entry| entry.content = Some([("a", "b")].into())).await, "entries[110].content");
    assert_eq!(refused(|entry| entry.extend_num = Some("1".to_owned())).await, "entries[110].extend_num");
    // The same order in another batch, with another text.
    let twice = |changed: &mut SmsEntry| {
        *changed = entry(1);
        changed.sign_name = "另".to_owned();
    };
    assert_eq!(refused(twice).await, "entries[110].order_id");
    assert_eq!(shop.send_sms_batches(messages(vec![])).await.unwrap_err().field(), "entries");
    assert_eq!((count::<SmsMessageDirectBatchsend>(&emulator), sent(&emulator)), (0, 0));
}

#[tokio::test]
async fn an_empty_account_ends_the_batches() {
    let emulator = emulator(120).await;
    emulator.inject(Fault::error("isv.lack-of-balance").on(SmsMessageDirectBatchsend::NAME));
    let batches = shop_of(&emulator).send_sms_batches(messages((1..=120).map(entry).collect())).await.unwrap();
    assert!(batches.len() == 3 && batches.iter().all(|batch| batch.result.is_err() && !batch.may_have_been_sent()));
    assert_eq!(count::<SmsMessageDirectBatchsend>(&emulator), 1);
}
