use privacy_number::aliyun::{
    CreateFixedNoAReport, CreateFixedNoAReportResponse, CreatePhoneNoAReport, CreatePhoneNoAReportResponse,
    CreateReportResult, CustType, DeleteSecretAPhoneNoToCust, DeleteSecretAPhoneNoToCustResponse,
    GetDyplsOSSInfoForUploadFile, GetDyplsOSSInfoForUploadFileResponse, Photo, QuerySecretAPhoneNoToCust,
    QuerySecretAPhoneNoToCustResponse, ReportRecord, UploadPolicy,
};

use crate::samples::{Clients, Sample, Values, answer_fields};

/// The white list that the emulator has from the start.
const WHITE_GROUP: u64 = 19;

impl Sample for GetDyplsOSSInfoForUploadFile {
    fn requests(_: &Values) -> Vec<Self> {
        vec![Self::builder().build()]
    }
}

impl Sample for CreatePhoneNoAReport {
    fn requests(values: &Values) -> Vec<Self> {
        vec![
            Self::builder()
                .a_no_white_group_id(WHITE_GROUP)
                .phone_no_a(values.phone_a("15000000001"))
                .cust_name(values.name("张某某"))
                .document_number(values.document_number("000000000000000000"))
                .id_card_alive_photo(values.photo_path("100001/alive-1735700000000.jpg"))
                .id_card_back_photo(values.photo_path("100001/back-1735700000000.jpg"))
                .id_card_front_photo(values.photo_path("100001/front-1735700000000.jpg"))
                .remark(values.remark("remark-0001"))
                .build(),
        ]
    }

    async fn ready(clients: &Clients) -> Self {
        let report = Self::builder().a_no_white_group_id(WHITE_GROUP).phone_no_a("15000000001");
        let report = report.cust_name("张某某").document_number("000000000000000000");
        report.id_card_alive_photo(clients.aliyun.upload_photo(&photo()).await.unwrap()).build()
    }
}

impl Sample for CreateFixedNoAReport {
    fn requests(values: &Values) -> Vec<Self> {
        vec![
            Self::builder()
                .a_no_white_group_id(WHITE_GROUP)
                .fixed_no_a(values.landline("057100000001"))
                .cust_type(CustType::LegalRepresentative)
                .cust_name(values.name("张某某"))
                .cust_phone_no(values.phone_b("15000000003"))
                .document_number(values.document_number("000000000000000000"))
                .id_card_alive_photo(values.photo_path("100001/alive-1735700000000.jpg"))
                .id_card_back_photo(values.photo_path("100001/back-1735700000000.jpg"))
                .id_card_front_photo(values.photo_path("100001/front-1735700000000.jpg"))
                .fixed_line_work_id("WORK0001")
                .remark(values.remark("remark-0001"))
                .build(),
            // Every value of a closed set is sent once.
            Self::builder()
                .a_no_white_group_id(WHITE_GROUP)
                .fixed_no_a(values.landline("057100000001"))
                .cust_type(CustType::Agent)
                .cust_name(values.name("张某某"))
                .document_number(values.document_number("000000000000000000"))
                .id_card_alive_photo(values.photo_path("100001/alive-1735700000000.jpg"))
                .build(),
        ]
    }

    async fn ready(clients: &Clients) -> Self {
        let report = Self::builder().a_no_white_group_id(WHITE_GROUP).fixed_no_a("057100000001");
        let report = report.cust_type(CustType::Agent).cust_name("张某某").document_number("000000000000000000");
        report.id_card_alive_photo(clients.aliyun.upload_photo(&photo()).await.unwrap()).build()
    }
}

impl Sample for QuerySecretAPhoneNoToCust {
    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::builder().a_no_white_group_id(WHITE_GROUP).phone_no_a(values.phone_a("15000000001")).build()]
    }
}

impl Sample for DeleteSecretAPhoneNoToCust {
    const REFUSED_WHEN_GONE: Option<&'static str> = Some("Data:false");

    fn requests(values: &Values) -> Vec<Self> {
        vec![Self::builder().a_no_white_group_id(WHITE_GROUP).phone_no_a(values.phone_a("15000000001")).build()]
    }

    /// The report must be there, and reviewed: the samples' emulator reviews at once.
    async fn ready(clients: &Clients) -> Self {
        clients.send(&CreatePhoneNoAReport::ready(clients).await).await.unwrap();
        Self::request()
    }
}

/// The beginning of a JPEG.
fn photo() -> Photo {
    Photo::new(b"\xFF\xD8\xFF\xE0".as_slice()).unwrap()
}

answer_fields! {
    GetDyplsOSSInfoForUploadFileResponse { code, message, request_id, success, access_denied_detail, data }
    UploadPolicy { host, start_path, policy, access_key_id, signature, expire_time }
    CreatePhoneNoAReportResponse { code, message, request_id, success, access_denied_detail, data }
    CreateFixedNoAReportResponse { code, message, request_id, success, access_denied_detail, data }
    CreateReportResult { create_result, fail_type }
    QuerySecretAPhoneNoToCustResponse { code, message, request_id, success, access_denied_detail, data }
    ReportRecord {
        report_status, report_result, a_no_white_group_id, phone_no_a, no_type, cust_phone_no, remark
    }
    DeleteSecretAPhoneNoToCustResponse { code, message, request_id, success, access_denied_detail, data }
}
