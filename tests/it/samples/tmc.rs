use privacy_number::top::{
    MessageId, TmcMessage, TmcMessagesConfirm, TmcMessagesConfirmResponse, TmcMessagesConsume,
    TmcMessagesConsumeResponse, TmcUserPermit, TmcUserPermitResponse,
};

use crate::samples::{Clients, Sample, Values, answer_fields};

fn ids() -> [MessageId; 2] {
    [7_104_300_007_405_429_232, 7_104_300_007_405_429_233].map(MessageId::from)
}

impl Sample for TmcMessagesConsume {
    fn requests(_: &Values) -> Vec<Self> {
        vec![Self::builder().group_name("vip_user").quantity(100).build()]
    }

    /// The emulator has no groups.
    async fn ready(_: &Clients) -> Self {
        Self::default()
    }
}

impl Sample for TmcMessagesConfirm {
    fn requests(_: &Values) -> Vec<Self> {
        vec![Self::new(ids()).group_name("vip_user")]
    }

    async fn ready(_: &Clients) -> Self {
        Self::new(ids())
    }
}

impl Sample for TmcUserPermit {
    fn requests(_: &Values) -> Vec<Self> {
        let topics = ["taobao_trade_TradeLogisticsAddressChanged", "taobao_trade_TradeSuccess"];
        vec![Self::only(topics), Self::all_topics()]
    }
}

answer_fields! {
    TmcMessagesConsumeResponse { messages: "messages.tmc_message", request_id }
    TmcMessage { id, topic, content, user_id, user_nick, pub_time, pub_app_key }
    TmcMessagesConfirmResponse { is_success, request_id }
    TmcUserPermitResponse { is_success, request_id }
}
