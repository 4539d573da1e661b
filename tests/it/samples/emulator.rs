//! An emulator with everything that the samples name.

use chrono::TimeDelta;
use privacy_number::emulator::{CallRecord, Clock, Emulator, EmulatorBuilder, NumberSpec};

use crate::clients::instant;

pub(crate) fn emulator() -> EmulatorBuilder {
    let pool = "FC123456";
    Emulator::builder()
        .clock(Clock::stopped_at(instant()))
        .pool(
            pool,
            [
                ("北京", "17000000000"),
                ("北京", "17100000001"),
                ("上海", "17100000002"),
                ("全国通用", "700000000000000"),
            ],
        )
        .work_numbers(pool, ["16500000000"])
        .pool("APP0001", [("杭州", "057100000000"), ("北京", "01000000000")])
        .stock(NumberSpec::VirtualOperator, "杭州", 3)
        .stock(NumberSpec::Carrier, "杭州", 3)
        .call_record(CallRecord::call("abcdef1234").in_pool(pool))
        .call_record(CallRecord::message("message-1").in_pool(pool))
        .report_review_time(TimeDelta::zero())
        .orders([("1234567890", "oaid-a"), ("1234567891", "oaid-b")])
        .client_tokens(["token-1"])
}
