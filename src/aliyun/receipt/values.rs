//! The closed sets of values in messages. All are open: an unknown value is kept.

use crate::wire_enum::wire_enum;

wire_enum! {
    /// Who called whom, or what the record is about.
    ///
    /// The values 2, 3 and 5 are in tables of 2019 only; today's pages of `SecretStartReport` list 0 and 1 only.
    #[doc(alias = "呼叫类型")]
    CallType {
        /// `0`: A called (主叫): `phone_no` called `peer_no`.
        Outgoing = "0",
        /// `1`: A was called (被叫): `peer_no` called `phone_no`.
        Incoming = "1",
        /// `2`: A sent an SMS (短信发送).
        SmsSent = "2",
        /// `3`: A received an SMS (短信接收).
        SmsReceived = "3",
        /// `4`: the call was intercepted (呼叫拦截).
        CallIntercepted = "4",
        /// `5`: the SMS was intercepted (短信收发拦截).
        SmsIntercepted = "5",
    }
}

impl CallType {
    /// Whether the record is about an SMS.
    #[must_use]
    pub fn is_sms(&self) -> bool {
        matches!(self, Self::SmsSent | Self::SmsReceived | Self::SmsIntercepted)
    }
}

wire_enum! {
    /// Who ended the call. A page of 2017 lists `3` too, without a meaning.
    #[doc(alias = "释放方向")]
    ReleaseDirection {
        /// `0`: the platform (平台释放).
        Platform = "0",
        /// `1`: the caller (主叫).
        Caller = "1",
        /// `2`: the callee (被叫).
        Callee = "2",
    }
}

wire_enum! {
    /// Why the platform did not connect the call.
    #[doc(alias = "未接通原因")]
    UnconnectedCause {
        /// `0`: it did (正常通话).
        None = "0",
        /// `1`: a blacklist (黑名单拦截).
        Blacklist = "1",
        /// `2`: no binding (无绑定关系).
        NoBinding = "2",
        /// `3`: the call is restricted (呼叫限制).
        Restricted = "3",
        /// `4`: another reason (其他).
        Unspecified = "4",
    }
}

wire_enum! {
    /// What the platform did with the call.
    #[doc(alias = "接续类型")]
    ControlType {
        /// It put the call through (接续).
        Continue = "CONTINUE",
        /// It refused the call (拦截). Inferred: the pages of receipts do not list this value, the interface for carriers
        /// does.
        Reject = "REJECT",
        /// It collected keys or played a prompt (收号).
        Ivr = "IVR",
    }
}

wire_enum! {
    /// The result of the platform's routing.
    ControlMessage {
        /// The call was routed.
        Ok = "OK",
        /// There is no binding (绑定关系不存在).
        NoSubsExist = "NO_SUBS_EXIST",
    }
}

wire_enum! {
    /// Whether a number X works.
    NumberHealth {
        /// `0`: it does not (异常).
        Abnormal = "0",
        /// `1`: it does (正常).
        Normal = "1",
    }
}

wire_enum! {
    /// What happened to a number X.
    NumberChange {
        /// `1`: it was created (号码新增).
        Created = "1",
        /// `2`: it was deleted (号码删除).
        Deleted = "2",
    }
}

wire_enum! {
    /// The kind of a reported number A.
    AuditedNumberType {
        /// A mobile number.
        Mobile = "Mobile",
        /// A landline.
        Fixed = "Fixed",
    }
}

wire_enum! {
    /// Where a parcel is.
    #[doc(alias = "物流状态")]
    LogisticsStatus {
        /// The order waits to be accepted (待揽收).
        Wait = "WAIT",
        /// The courier accepted the order (已接单).
        Accept = "ACCEPT",
        /// The courier collected the parcel (已揽收).
        Got = "GOT",
        /// The weight was changed (重量更新).
        ModifyWeight = "MODIFY_WEIGHT",
        /// The parcel is in transit (运输中).
        Transport = "TRANSPORT",
        /// The parcel is out for delivery (派送中).
        Delivering = "DELIVERING",
        /// The parcel was signed for (已签收).
        Sign = "SIGN",
    }
}

wire_enum! {
    /// Why an SMS is reported.
    SmsType {
        /// `1`: it was intercepted (拦截短信).
        Intercepted = "1",
        /// `3`: a smart SMS (智能短信), whose value was `2` in 2019.
        Smart = "3",
    }
}

wire_enum! {
    /// What became of an SMS.
    SmsStatus {
        /// `1`: it was sent.
        Sent = "1",
        /// `2`: it failed.
        Failed = "2",
    }
}

wire_enum! {
    /// Why an SMS was intercepted.
    SmsInterceptType {
        /// As ordered.
        Normal = "NORMAL",
        /// There is no binding.
        SubsNotExists = "SUBS_NOT_EXISTS",
        /// The binding does not allow SMS.
        ControlDisable = "CONTROL_DISABLE",
        /// There is no such callee.
        CalledNotExists = "CALLED_NOT_EXISTS",
    }
}

wire_enum! {
    /// The carrier's report on an SMS.
    SmsDeliveryCode {
        /// It was delivered.
        Delivered = "DELIVRD",
        /// It was rejected.
        Rejected = "REJECTD",
        /// It could not be delivered.
        Undeliverable = "UNDELIV",
        /// It expired.
        Expired = "EXPIRED",
        /// It was accepted.
        Accepted = "ACCEPTD",
    }
}
