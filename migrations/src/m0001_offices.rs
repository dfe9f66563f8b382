//! Offices, their keys, and the staff who work there.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// Offices, their keys, and the staff who work there.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        offices(manager).await?;
        office_keys(manager).await?;
        staff(manager).await?;
        sessions(manager).await?;
        login_throttle(manager).await?;
        link_tokens(manager).await?;
        audit(manager).await?;
        submissions(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("submissions").to_owned()).await?;
        manager.drop_table(Table::drop().table("audit").to_owned()).await?;
        manager.drop_table(Table::drop().table("link_tokens").to_owned()).await?;
        manager.drop_table(Table::drop().table("login_throttle").to_owned()).await?;
        manager.drop_table(Table::drop().table("sessions").to_owned()).await?;
        manager.drop_table(Table::drop().table("staff").to_owned()).await?;
        manager.drop_table(Table::drop().table("office_keys").to_owned()).await?;
        manager.drop_table(Table::drop().table("offices").to_owned()).await?;
        Ok(())
    }
}

/// The tenant.
async fn offices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // name of the office as shown on pages and in messages; an office is no person, so it is clear
        Column::text("name"),
        // IANA time zone in which the office decides, e.g. Asia/Tokyo
        Column::text("zone"),
        // JSON of core's OfficeSettings: hours, closure days, send and silence rules
        Column::text("settings"),
        // when somebody stopped all sending of this office; null = sending
        Column::big_integer("sending_stopped_at").nullable(),
        // hash of the newest audit row; the next row chains to it
        Column::blob("audit_head"),
        // number of the newest audit row
        Column::big_integer("audit_seq"),
        // when the office was set up
        Column::big_integer("created_at"),
    ];
    create(manager, "offices", columns, &["id"], &[]).await
}

/// Data keys, one per office, wrapped by the key file outside the database.
async fn office_keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // whose key
        Column::uuid("office_id"),
        // XChaCha20-Poly1305 of the data key under the key file's key
        Column::blob("wrapped"),
        // when it was made
        Column::big_integer("created_at"),
    ];
    create(manager, "office_keys", columns, &["office_id"], &[]).await
}

/// People who work at an office and may sign in.
async fn staff(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // whose staff
        Column::uuid("office_id"),
        // keyed hash of the e-mail, for sign-in
        Column::blob("email_index"),
        // encrypted JSON of core's StaffProfile: name, e-mail
        Column::blob("profile"),
        // staff | manager | admin
        Column::text("role"),
        // argon2id; null until the person has set one
        Column::text("password_hash").nullable(),
        // ja | en
        Column::text("language"),
        // when the person may no longer sign in
        Column::big_integer("disabled_at").nullable(),
        // when the account was made
        Column::big_integer("created_at"),
    ];
    create(
        manager,
        "staff",
        columns,
        &["id"],
        &[("staff_email", &["email_index"], true), ("staff_office", &["office_id"], false)],
    )
    .await
}

/// Signed-in browsers: staff, graduates by link, employer contacts by link.
async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // SHA-256 of the cookie's value; the value itself is nowhere (ASVS V7.2.3)
        Column::blob("id_hash"),
        // scope of everything this session may see
        Column::uuid("office_id"),
        // staff | graduate | employer
        Column::text("kind"),
        // staff, graduate or escalation id
        Column::uuid("subject_id"),
        // for the absolute limit of 12 h
        Column::big_integer("created_at"),
        // for the idle limit of 30 min
        Column::big_integer("last_seen_at"),
    ];
    create(manager, "sessions", columns, &["id_hash"], &[("sessions_subject", &["subject_id"], false)]).await
}

/// Failed sign-ins by account and by address, so that guessing gets slow.
async fn login_throttle(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // keyed hash of the account or the address
        Column::blob("key_hash"),
        // failures since the last success
        Column::big_integer("failures"),
        // no attempt is looked at before this
        Column::big_integer("blocked_until"),
    ];
    create(manager, "login_throttle", columns, &["key_hash"], &[]).await
}

/// Secrets that stand in links and invitations; only their hash is kept.
async fn link_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // SHA-256 of the secret
        Column::blob("token_hash"),
        // whose link
        Column::uuid("office_id"),
        // me | employer | invite | password
        Column::text("kind"),
        // graduate, escalation or staff id
        Column::uuid("subject_id"),
        // when it was made
        Column::big_integer("created_at"),
        // not honoured from here on
        Column::big_integer("expires_at"),
        // when it was used, for those that work once
        Column::big_integer("used_at").nullable(),
    ];
    create(manager, "link_tokens", columns, &["token_hash"], &[("link_tokens_subject", &["subject_id", "kind"], false)])
        .await
}

/// What people did and looked at; a hash chain per office.
async fn audit(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // whose chain
        Column::uuid("office_id"),
        // 1, 2, 3 … without gaps
        Column::big_integer("seq"),
        // when
        Column::big_integer("at"),
        // staff | graduate | employer | command | program
        Column::text("actor_kind"),
        // who, where there is an id
        Column::uuid("actor_id").nullable(),
        // what, a word such as graduate.read
        Column::text("action"),
        // graduate, sign, consent …
        Column::text("object_kind"),
        // which
        Column::uuid("object_id").nullable(),
        // JSON of codes and ids only; never words of or about a person
        Column::text("detail"),
        // HMAC over the previous hash and this row
        Column::blob("hash"),
    ];
    create(manager, "audit", columns, &["office_id", "seq"], &[("audit_object", &["object_id"], false)]).await
}

/// Form keys already taken, so that a form sent twice acts once.
async fn submissions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // SHA-256 of the form's key
        Column::blob("key_hash"),
        // when it was taken; pruned after two days
        Column::big_integer("at"),
    ];
    create(manager, "submissions", columns, &["key_hash"], &[]).await
}
