use privacy_number::aliyun::{
    Address, AppointSlot, AppointTime, CancelPickUpWaybill, CancelPickUpWaybillResponse, ContactInfo,
    CreatePickUpWaybill, CreatePickUpWaybillPreQuery, CreatePickUpWaybillPreQueryResponse, CreatePickUpWaybillResponse,
    GoodsInfo, PickUp,
};

use crate::conformance::sample::{Sample, Texts, answer_fields, appointment, each};

fn sender() -> Address {
    let address = Address::builder().province_name("陕西省").city_name("西安").area_name("未央区");
    address.town_name("XX街道").address_detail("XX小区XX号").build()
}

fn consignee() -> Address {
    let address = Address::builder().province_name("浙江").city_name("杭州").area_name("西湖区");
    address.town_name("YY街道").address_detail("YY小区YY号").build()
}

impl Sample for CreatePickUpWaybill {
    fn requests() -> Vec<Self> {
        let (start, end) = appointment();
        let order = |pick_up| {
            Self::builder()
                .outer_order_code("order-1")
                .order_channels("YUN_DIAN_SHANG")
                .cp_code("YTO")
                .send_name("王XX")
                .send_mobile("15967140000")
                .send_phone("05718845000")
                .send_address(sender())
                .consignee_name("张XX")
                .consignee_mobile("15800000000")
                .consignee_phone("05700000000")
                .consignee_address(consignee())
                .remark("易碎物品")
                .goods_infos([GoodsInfo::builder().name("鞋子").weight(1000).quantity(1).build()])
                .pick_up(pick_up)
                .build()
        };
        vec![order(PickUp::Appointment { start, end }), order(PickUp::RealTime)]
    }

    fn texts(answer: &CreatePickUpWaybillResponse, path: &str) -> Option<Vec<String>> {
        let data = &answer.data;
        Some(match path {
            "RequestId" => answer.request_id.texts(),
            "HttpStatusCode" => answer.http_status_code.texts(),
            "Message" => answer.message.texts(),
            "Data.Success" => data.success.texts(),
            "Data.CpCode" => data.cp_code.texts(),
            "Data.MailNo" => data.mail_no.texts(),
            "Data.ErrorCode" => data.error_code.texts(),
            "Data.ErrorMsg" => data.error_msg.texts(),
            "Data.GotCode" => data.got_code.texts(),
            _ => return None,
        })
    }
}

impl Sample for CancelPickUpWaybill {
    fn requests() -> Vec<Self> {
        vec![Self::builder().outer_order_code("order-1").cancel_desc("不想退货了").build()]
    }

    fn texts(answer: &CancelPickUpWaybillResponse, path: &str) -> Option<Vec<String>> {
        answer_fields!(answer, path,
            "Data.Success" => answer.data.success,
            "Data.ErrorCode" => answer.data.error_code,
            "Data.Message" => answer.data.message,
            "Data.ErrorMsg" => answer.data.error_msg,
        )
    }
}

impl Sample for CreatePickUpWaybillPreQuery {
    fn requests() -> Vec<Self> {
        let contact = |name: &str, mobile: &str, address: Address| {
            ContactInfo::builder().name(name).mobile(mobile).address_info(address).build()
        };
        vec![
            Self::builder()
                .sender_info(contact("王XX", "15967140000", sender()))
                .consignee_info(contact("张XX", "15800000000", consignee()))
                .cp_code("YTO")
                .pre_weight(2000)
                .outer_order_code("order-1")
                .order_channels("Test")
                .build(),
        ]
    }

    fn texts(answer: &CreatePickUpWaybillPreQueryResponse, path: &str) -> Option<Vec<String>> {
        let data = &answer.data;
        if let Some(path) = path.strip_prefix("Data.CpTimeSelectList[].") {
            return courier_texts(answer, path);
        }
        Some(match path {
            "RequestId" => answer.request_id.texts(),
            "HttpStatusCode" => answer.http_status_code.texts(),
            "Message" => answer.message.texts(),
            "Data.Success" => data.success.texts(),
            "Data.ErrorCode" => data.error_code.texts(),
            "Data.ErrorMsg" => data.error_msg.texts(),
            "Data.Code" => data.code.texts(),
            "Data.Message" => data.message.texts(),
            _ => return None,
        })
    }
}

/// What a courier offers.
fn courier_texts(answer: &CreatePickUpWaybillPreQueryResponse, path: &str) -> Option<Vec<String>> {
    let offers = &answer.data.cp_time_select_list;
    let now: Vec<_> = offers.iter().filter_map(|offer| offer.real_time.as_ref()).collect();
    let days: Vec<&AppointTime> = offers.iter().flat_map(|offer| &offer.appoint_times).collect();
    let slots: Vec<&AppointSlot> = days.iter().flat_map(|day| &day.time_list).collect();
    Some(match path {
        "RealTime.Name" => each(now, |now| &now.name),
        "RealTime.Selectable" => each(now, |now| &now.selectable),
        "RealTime.SelectDisableTip" => each(now, |now| &now.select_disable_tip),
        "AppointTimes[].Date" => each(days, |day| &day.date),
        "AppointTimes[].DateSelectable" => each(days, |day| &day.date_selectable),
        "AppointTimes[].TimeList[].StartTime" => each(slots, |slot| &slot.start_time),
        "AppointTimes[].TimeList[].EndTime" => each(slots, |slot| &slot.end_time),
        "AppointTimes[].TimeList[].Selectable" => each(slots, |slot| &slot.selectable),
        "AppointTimes[].TimeList[].SelectDisableTip" => each(slots, |slot| &slot.select_disable_tip),
        "PrePrice" => each(offers, |offer| &offer.pre_price),
        _ => return None,
    })
}
