//! A customer service desk behind one number: a G group of its lines, a buyer bound to it, a line that leaves. Against
//! the emulator; with `ALIYUN_POOL_KEY` and an access key in the environment,
//! against Aliyun.
//!
//! ```sh
//! cargo run --features emulator --example g_group
//! ```
#![allow(clippy::arithmetic_side_effects, clippy::print_stdout)]

mod gateway;

use chrono::{TimeDelta, Utc};
use privacy_number::aliyun::{BindAxg, CreateAxgGroup, DeleteAxgGroup, GroupOperateType, OperateAxgGroup};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gateway::Pool { client, pool_key, .. } = &gateway::Pool::connect().await?;

    let group =
        CreateAxgGroup::builder().pool_key(pool_key).name("desk").numbers(["01012345678", "4001234567"]).build();
    let group_id = client.send(&group).await?.group_id;
    println!("group {group_id} with two lines");

    let bind = BindAxg::builder()
        .pool_key(pool_key)
        .phone_no_a("15000000000")
        .group_id(&group_id)
        .phone_no_x("17000000001") // naming X lets a lost answer be found again
        .expiration(Utc::now() + TimeDelta::days(7))
        .build();
    let binding = client.bind_reconciled(&bind).await?;
    println!("the desk reaches the buyer over {}", binding.secret_no.dial());

    let change = OperateAxgGroup::builder()
        .pool_key(pool_key)
        .group_id(&group_id)
        .operate_type(GroupOperateType::DeleteNumbers)
        .numbers(["4001234567"])
        .build();
    client.send(&change).await?;
    println!("one line left the group");

    println!("case closed: {:?}", client.unbind(&binding).await?);
    client.send(&DeleteAxgGroup::builder().pool_key(pool_key).group_id(&group_id).build()).await?;
    println!("group deleted");
    Ok(())
}
