//! A sample of each operation, by family.

mod binding;
mod blacklist;
mod calls;
mod group;
mod oaid;
mod secret_group;
mod secret_no;
mod subscription;
mod tracking;
mod waybill;
