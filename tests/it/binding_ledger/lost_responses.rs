//! Faults of the network and the gateway.

use privacy_number::Outcome;
use privacy_number::emulator::Fault;

use super::{KEY, Setup};

#[tokio::test]
async fn a_lost_response_makes_no_second_binding() {
    for fault in [
        Fault::reset_after_execution(),
        Fault::torn_body(),
        Fault::torn_json(),
        Fault::internal_error().executed(),
        Fault::reset_before_execution(),
        Fault::internal_error(),
    ] {
        let setup = Setup::start().await;
        let name = fault.name();
        let fault = fault.times(1);
        for action in ["BindAxb", "BindAxnExtension", "UpdateSubscription", "UnbindSubscription"] {
            setup.emulator.inject(fault.clone().on(action));
        }
        let ledger = setup.ledger().await;
        let binding = ledger.bind(KEY, &setup.axb()).await.unwrap();
        let extension = ledger.bind("extension", &setup.extension()).await.unwrap();
        let mut live = [binding.subs_id, extension.subs_id];
        live.sort();
        assert_eq!(setup.live(), live, "{name}");
        assert_eq!((setup.executed("BindAxb"), setup.executed("BindAxnExtension")), (1, 1), "{name}");
        ledger.renew(KEY, setup.end + chrono::TimeDelta::days(1)).await.unwrap();
        ledger.unbind(KEY).await.unwrap();
        assert_eq!(setup.live().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn an_unknown_outcome_leaves_the_intent_and_recovery_finishes_it() {
    for was_executed in [true, false] {
        let setup = Setup::start().await;
        let fault = if was_executed { Fault::reset_after_execution() } else { Fault::reset_before_execution() };
        setup.emulator.inject(fault.on("BindAxb"));
        setup.emulator.inject(Fault::unavailable().on("QuerySubsId"));
        let ledger = setup.ledger().await;
        let error = ledger.bind(KEY, &setup.axb()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        assert_eq!(ledger.stats(chrono::TimeDelta::zero()).await.unwrap().binding, 1);

        // As long as the gateway cannot be searched, nothing is sent again.
        let sent = setup.emulator.ledger().count("BindAxb");
        let recovered = ledger.recover().await.unwrap();
        assert_eq!((recovered.failed.len(), recovered.failed[0].0.as_str()), (1, KEY));
        assert_eq!(recovered.failed[0].1.outcome(), Outcome::Unknown);
        assert_eq!(setup.emulator.ledger().count("BindAxb"), sent);

        setup.emulator.clear_faults();
        let recovered = ledger.recover().await.unwrap();
        assert!(recovered.failed.is_empty(), "{recovered:?}");
        assert_eq!((recovered.adopted, recovered.bound), if was_executed { (1, 0) } else { (0, 1) });
        let binding = ledger.get(KEY).await.unwrap().unwrap();
        assert_eq!((setup.live(), setup.executed("BindAxb")), (vec![binding.subs_id], 1));
    }
}

#[tokio::test]
async fn a_refused_bind_leaves_the_key_free() {
    let setup = Setup::start().await;
    setup.emulator.inject(Fault::error("isv.OUT_OF_SERVICE").on("BindAxb").times(1));
    let ledger = setup.ledger().await;
    let error = ledger.bind(KEY, &setup.axb()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected, "{error}");
    assert_eq!(ledger.stats(chrono::TimeDelta::zero()).await.unwrap().binding, 0);
    ledger.bind(KEY, &setup.axn()).await.unwrap();
}

#[tokio::test]
async fn a_refused_renewal_leaves_the_binding_as_it_was() {
    let setup = Setup::start().await;
    let ledger = setup.ledger().await;
    let binding = ledger.bind(KEY, &setup.axb()).await.unwrap();
    setup.emulator.inject(Fault::error("isv.FORBIDDEN_ACTION").on("UpdateSubscription").times(1));
    let later = setup.end + chrono::TimeDelta::days(1);
    assert_eq!(ledger.renew(KEY, later).await.unwrap_err().outcome(), Outcome::Rejected);
    assert_eq!(ledger.get(KEY).await.unwrap(), Some(binding));
    ledger.renew(KEY, later).await.unwrap();
}
