//! Cadences, the ledger of check-ins, deliveries and their attempts.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// Cadences, the ledger of check-ins, deliveries and their attempts.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        cadences(manager).await?;
        check_ins(manager).await?;
        deliveries(manager).await?;
        send_attempts(manager).await?;
        channel_states(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("channel_states").to_owned()).await?;
        manager.drop_table(Table::drop().table("send_attempts").to_owned()).await?;
        manager.drop_table(Table::drop().table("deliveries").to_owned()).await?;
        manager.drop_table(Table::drop().table("check_ins").to_owned()).await?;
        manager.drop_table(Table::drop().table("cadences").to_owned()).await?;
        Ok(())
    }
}

/// When a graduate is contacted next, and why.
async fn cadences(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // whose cadence
        Column::uuid("graduate_id"),
        // JSON of core's cadence: preset, phases, adjusters, anchor
        Column::text("plan"),
        // newest day for which a check-in row exists
        Column::date("last_due_on").nullable(),
        // last contact by a person, for the was-in-touch rule
        Column::date("last_contact_on").nullable(),
        // next check-in; null = none is coming
        Column::date("next_due_on").nullable(),
        // JSON of core's DueReason for next_due_on
        Column::text("next_reason").nullable(),
        // when the planner has to look at this row; null = never
        Column::big_integer("plan_at").nullable(),
    ];
    create(
        manager,
        "cadences",
        columns,
        &["id"],
        &[("cadences_graduate", &["graduate_id"], true), ("cadences_plan_at", &["plan_at"], false)],
    )
    .await
}

/// The ledger: one row per person, plan and due date, closed exactly once.
async fn check_ins(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7; stands in the answer buttons' postback data
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // who is contacted
        Column::uuid("graduate_id"),
        // the plan that made it fall due
        Column::uuid("cadence_id"),
        // the day it falls due, in the office's zone
        Column::date("due_on"),
        // JSON of core's DueReason: why this person, why today
        Column::text("reason"),
        // key of the message template
        Column::text("template"),
        // planned | due | out | answered | silent | skipped | failed | handed_over
        Column::text("state"),
        // code of the reason for skipped, failed and handed_over
        Column::text("state_reason").nullable(),
        // line | sms | email: the way it went out
        Column::text("channel").nullable(),
        // when the row was written
        Column::big_integer("planned_at"),
        // when a provider accepted it
        Column::big_integer("sent_at").nullable(),
        // from here on no answer counts as silence
        Column::big_integer("answer_by").nullable(),
        // when the answer was written by the person
        Column::big_integer("answered_at").nullable(),
        // encrypted code of the chosen answer
        Column::blob("answer").nullable(),
        // when it reached its end
        Column::big_integer("closed_at").nullable(),
    ];
    create(
        manager,
        "check_ins",
        columns,
        &["id"],
        &[
            ("check_ins_slot", &["graduate_id", "cadence_id", "due_on"], true),
            ("check_ins_office_due", &["office_id", "due_on"], false),
            ("check_ins_answer_by", &["state", "answer_by"], false),
        ],
    )
    .await
}

/// One message to one address through one provider; the queue of sending.
async fn deliveries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // who gets it; null for employer contacts and staff
        Column::uuid("graduate_id").nullable(),
        // the check-in it carries
        Column::uuid("check_in_id").nullable(),
        // the message in the thread
        Column::uuid("message_id").nullable(),
        // the request it carries
        Column::uuid("escalation_id").nullable(),
        // check_in | reply | ack | notice | escalation | safe_text | password
        Column::text("purpose"),
        // purpose, slot and channel; a second row for the same thing can't exist (P2)
        Column::text("dedupe_key"),
        // derived by HMAC from person, purpose and slot; LINE's X-Line-Retry-Key
        Column::uuid("retry_key"),
        // configured channel
        Column::text("channel_id"),
        // line | sms | email
        Column::text("channel_kind"),
        // address row it was planned for
        Column::uuid("contact_point_id").nullable(),
        // version of the address it was planned for; another version is never sent to (P5)
        Column::big_integer("address_version"),
        // encrypted address, fixed when planned
        Column::blob("address"),
        // encrypted JSON of core's Payload: text and answer choices
        Column::blob("payload"),
        // due | sending | accepted | delivered | failed | unknown | cancelled | expired | needs_person
        Column::text("state"),
        // short code of the newest outcome or of the reason
        Column::text("state_code").nullable(),
        // not claimed before
        Column::big_integer("due_at"),
        // start of the allowed window
        Column::big_integer("window_from"),
        // end of the allowed window
        Column::big_integer("window_to"),
        // from here on it is not sent any more
        Column::big_integer("expires_at"),
        // rises with every claim; only the newest claim's result counts
        Column::big_integer("fence"),
        // until when the claimer owns it
        Column::big_integer("lease_until").nullable(),
        // claims so far
        Column::big_integer("attempts"),
        // start of LINE's 24 h memory of the retry key
        Column::big_integer("first_attempt_at").nullable(),
        // the provider's id of the message
        Column::text("provider_ref").nullable(),
        // when the provider accepted it
        Column::big_integer("accepted_at").nullable(),
        // when it reached its end
        Column::big_integer("finished_at").nullable(),
        // when it was planned
        Column::big_integer("created_at"),
    ];
    create(
        manager,
        "deliveries",
        columns,
        &["id"],
        &[
            ("deliveries_dedupe", &["dedupe_key"], true),
            ("deliveries_claim", &["state", "due_at"], false),
            ("deliveries_check_in", &["check_in_id"], false),
            ("deliveries_graduate", &["graduate_id"], false),
            ("deliveries_provider_ref", &["provider_ref"], false),
        ],
    )
    .await
}

/// Every try, before the call and after it; append only.
async fn send_attempts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // which message
        Column::uuid("delivery_id"),
        // which claim
        Column::big_integer("fence"),
        // intent | result | lookup | lease_expired
        Column::text("step"),
        // when
        Column::big_integer("at"),
        // accepted | refused | wait | not_sent | unknown
        Column::text("outcome").nullable(),
        // provider's code
        Column::text("code").nullable(),
        // provider's request id
        Column::text("request_id").nullable(),
    ];
    create(manager, "send_attempts", columns, &["id"], &[("send_attempts_delivery", &["delivery_id"], false)]).await
}

/// What is known of each configured channel.
async fn channel_states(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // configured channel
        Column::text("channel_id"),
        // whose channel
        Column::uuid("office_id"),
        // no claim before this, e.g. monthly quota used up
        Column::big_integer("stopped_until").nullable(),
        // why
        Column::text("stop_code").nullable(),
        // last accepted message
        Column::big_integer("last_ok_at").nullable(),
        // last refused or unclear outcome
        Column::big_integer("last_error_at").nullable(),
        // its code
        Column::text("last_error_code").nullable(),
    ];
    create(manager, "channel_states", columns, &["channel_id"], &[]).await
}
