//! One persistent connection, and the calls that it repeats.

use std::error::Error;

use bytes::Bytes;
use chrono::{TimeDelta, Utc};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use privacy_number::aliyun::{self, BindAxb, QuerySubscriptionDetail, SignatureVersion, UnbindSubscription};
use privacy_number::sign::Stamp;
use privacy_number::top::{OaidDecrypt, ReceiverQuery, Shop};
use privacy_number::{Error as CallError, PreparedRequest, aliyun::Product};
use serde_json::Value;
use tokio::net::TcpStream;

use crate::emulator_keys::{EmulatorKeys, Order};

/// Bind, read, decrypt, unbind.
pub(crate) const CALLS_OF_A_CYCLE: u64 = 4;

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
    aliyun: aliyun::Client,
    shop: Shop,
    pool_key: String,
    order: Order,
    number: u64,
    /// Requests so far.
    count: u64,
}

impl Connection {
    pub(crate) async fn open(keys: &EmulatorKeys, number: u64) -> Result<Self, Box<dyn Error>> {
        let authority = keys.aliyun.parse::<Uri>()?.authority().ok_or("an endpoint names a host")?.to_string();
        let stream = TcpStream::connect(&authority).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let version = if number.is_multiple_of(2) { SignatureVersion::V1_0 } else { SignatureVersion::Acs3 };
        let order = keys.orders.first().ok_or("the server has no order")?.clone();
        Ok(Self {
            sender,
            authority,
            aliyun: keys.aliyun().signature_version(version).build()?,
            shop: keys.top().build()?.shop(&*keys.session),
            pool_key: keys.pool_key.clone(),
            order,
            number,
            count: 0,
        })
    }

    /// Repeats the calls this often, and returns the connection for more.
    pub(crate) async fn repeat(mut self, cycles: u64) -> Result<Self, Failure> {
        for _ in 0..cycles {
            self.cycle().await?;
        }
        Ok(self)
    }

    async fn cycle(&mut self) -> Result<(), Failure> {
        let (a, b) = (format!("150{:08}", self.number), format!("151{:08}", self.number));
        let bind = BindAxb::builder().pool_key(&*self.pool_key).phone_no_a(a).phone_no_b(b);
        let bound = self.call(&bind.expiration(Utc::now() + TimeDelta::days(1)).build()).await?;
        let field = |name: &str| bound["SecretBindDTO"][name].as_str().map(str::to_owned).ok_or("no binding");
        let (subs_id, number_x) = (field("SubsId")?, field("SecretNo")?);
        let read = QuerySubscriptionDetail::builder().pool_key(&*self.pool_key).subs_id(&*subs_id);
        self.call(&read.phone_no_x(&*number_x).build()).await?;

        let order = ReceiverQuery::builder().oaid(&*self.order.oaid).tid(&*self.order.tid).build();
        let stamp = self.stamp();
        let prepared = self.shop.prepare(&OaidDecrypt::new([order]), &stamp).await?;
        let answer = self.send("/router/rest", prepared).await?;
        if answer.get("error_response").is_some() {
            return Err(format!("a decryption was refused: {answer}").into());
        }

        let unbind = UnbindSubscription::builder().pool_key(&*self.pool_key).subs_id(subs_id).secret_no(number_x);
        self.call(&unbind.build()).await?;
        Ok(())
    }

    /// A call of Aliyun that must succeed.
    async fn call<O: privacy_number::Operation<Gateway: Product>>(&mut self, operation: &O) -> Result<Value, Failure> {
        let stamp = self.stamp();
        let prepared: Result<_, CallError> = self.aliyun.prepare(operation, &stamp).await;
        let answer = self.send("/", prepared?).await?;
        if answer["Code"] == "OK" { Ok(answer) } else { Err(format!("{} was refused: {answer}", O::NAME).into()) }
    }

    fn stamp(&mut self) -> Stamp {
        self.count += 1;
        Stamp::new(Utc::now(), format!("{}-{}", self.number, self.count))
    }

    async fn send(&mut self, path: &str, prepared: PreparedRequest) -> Result<Value, Failure> {
        const FORM: &str = "application/x-www-form-urlencoded";
        let mut request = Request::post(path).header(HOST, &self.authority);
        for (name, value) in &prepared.headers {
            request = request.header(*name, value.expose());
        }
        if prepared.headers.is_empty() {
            request = request.header(CONTENT_TYPE, FORM);
        }
        let request = request.body(Full::new(Bytes::from(prepared.form.into_exposed())))?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let body = response.into_body().collect().await?.to_bytes();
        Ok(serde_json::from_slice(&body)?)
    }
}
