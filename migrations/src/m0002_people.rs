//! Graduates, how to reach them, where they work, and what they agreed to.

use sea_orm_migration::prelude::*;

use crate::{Column, create};

/// Graduates, how to reach them, where they work, and what they agreed to.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        graduates(manager).await?;
        contact_points(manager).await?;
        employers(manager).await?;
        employer_contacts(manager).await?;
        employments(manager).await?;
        service_periods(manager).await?;
        consents(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("consents").to_owned()).await?;
        manager.drop_table(Table::drop().table("service_periods").to_owned()).await?;
        manager.drop_table(Table::drop().table("employments").to_owned()).await?;
        manager.drop_table(Table::drop().table("employer_contacts").to_owned()).await?;
        manager.drop_table(Table::drop().table("employers").to_owned()).await?;
        manager.drop_table(Table::drop().table("contact_points").to_owned()).await?;
        manager.drop_table(Table::drop().table("graduates").to_owned()).await?;
        Ok(())
    }
}

/// The person.
async fn graduates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // whose graduate
        Column::uuid("office_id"),
        // keyed hash of the office's own number for the person; a second import finds the row by it
        Column::blob("external_index").nullable(),
        // encrypted JSON of core's GraduateProfile: name, reading, disability, certificate, number
        Column::blob("profile"),
        // preparing | supported | ended
        Column::text("support"),
        // first day without contact; null = not paused
        Column::date("paused_from").nullable(),
        // last day of the pause; null with paused_from = until somebody ends it
        Column::date("paused_until").nullable(),
        // encrypted reason
        Column::blob("pause_reason").nullable(),
        // plain | easy | furigana: how messages are written
        Column::text("language"),
        // JSON of core's PersonHours: days and hours in which contact is welcome
        Column::text("hours"),
        // the dedicated member of staff (S1.1)
        Column::uuid("staff_id").nullable(),
        // the stand-in (S1.1)
        Column::uuid("standin_id").nullable(),
        // when the person said stop on any channel; nothing automatic goes out while set
        Column::big_integer("contact_stopped_at").nullable(),
        // when the row was made
        Column::big_integer("created_at"),
        // last change of a person's own data
        Column::big_integer("updated_at"),
    ];
    create(
        manager,
        "graduates",
        columns,
        &["id"],
        &[
            ("graduates_external", &["office_id", "external_index"], true),
            ("graduates_staff", &["office_id", "staff_id"], false),
        ],
    )
    .await
}

/// Addresses of a graduate.
async fn contact_points(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // whose address
        Column::uuid("graduate_id"),
        // line | sms | email | phone
        Column::text("kind"),
        // encrypted address
        Column::blob("address"),
        // keyed hash, to find the sender of an inbound message
        Column::blob("address_index"),
        // rises with every change; a message planned for an older version is never sent (P5)
        Column::big_integer("version"),
        // reachable | blocked | stopped | invalid | removed
        Column::text("state"),
        // since when
        Column::big_integer("state_since"),
        // when it was first known
        Column::big_integer("created_at"),
    ];
    create(
        manager,
        "contact_points",
        columns,
        &["id"],
        &[
            ("contact_points_graduate", &["graduate_id", "kind"], true),
            ("contact_points_address", &["office_id", "kind", "address_index"], false),
        ],
    )
    .await
}

/// Companies.
async fn employers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // keyed hash of the name, so that an import finds the same company
        Column::blob("name_index"),
        // encrypted JSON of core's EmployerProfile: name, hours, words
        Column::blob("profile"),
        // when it was first known
        Column::big_integer("created_at"),
    ];
    create(manager, "employers", columns, &["id"], &[("employers_name", &["office_id", "name_index"], true)]).await
}

/// People at an employer whom the office may write to.
async fn employer_contacts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // where they work
        Column::uuid("employer_id"),
        // encrypted JSON of core's EmployerContactProfile: name, part, e-mail
        Column::blob("profile"),
        // since when this person is no contact any more
        Column::big_integer("ended_at").nullable(),
        // when it was first known
        Column::big_integer("created_at"),
    ];
    create(manager, "employer_contacts", columns, &["id"], &[("employer_contacts_employer", &["employer_id"], false)])
        .await
}

/// Placement episodes.
async fn employments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // who works
        Column::uuid("graduate_id"),
        // where; null when the employer isn't known
        Column::uuid("employer_id").nullable(),
        // first day of employment
        Column::date("hired_on"),
        // last day of employment; null while it lasts or when not known
        Column::date("left_on").nullable(),
        // code of the reason for leaving
        Column::text("leaving_code").nullable(),
        // encrypted reason in words
        Column::blob("leaving_reason").nullable(),
        // this job followed another by a change the office supported (domain.md 2.1)
        Column::boolean("supported_change"),
        // open | closed: whether the employer knows of the disability; closed = no contact at all
        Column::text("disclosure"),
        // nobody knows whether the person still works there
        Column::boolean("status_unknown"),
    ];
    create(
        manager,
        "employments",
        columns,
        &["id"],
        &[("employments_graduate", &["graduate_id", "hired_on"], true), ("employments_office", &["office_id"], false)],
    )
    .await
}

/// Support by transition service (first six months) and retention service (contract).
async fn service_periods(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // who is supported
        Column::uuid("graduate_id"),
        // transition | retention
        Column::text("kind"),
        // first day
        Column::date("started_on"),
        // last day; null while it lasts
        Column::date("ended_on").nullable(),
        // 受給者証 expiry
        Column::date("certificate_expires_on").nullable(),
        // next six-month review of the plan
        Column::date("plan_review_on").nullable(),
    ];
    create(
        manager,
        "service_periods",
        columns,
        &["id"],
        &[
            ("service_periods_graduate", &["graduate_id", "kind", "started_on"], true),
            ("service_periods_office", &["office_id"], false),
        ],
    )
    .await
}

/// Who may be told what, by which means, until when.
async fn consents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        // UUIDv7
        Column::uuid("id"),
        // scope
        Column::uuid("office_id"),
        // who agreed
        Column::uuid("graduate_id"),
        // employer contact who may be told
        Column::uuid("contact_id"),
        // JSON list of topic codes
        Column::text("topics"),
        // email | phone | meeting
        Column::text("means"),
        // written | electronic | oral
        Column::text("given_how"),
        // when
        Column::date("given_on"),
        // last day on which it holds
        Column::date("valid_until"),
        // encrypted wording the person agreed to
        Column::blob("wording"),
        // when it was withdrawn
        Column::big_integer("withdrawn_at").nullable(),
        // member of staff who wrote it down; null = the graduate did
        Column::uuid("recorded_by").nullable(),
        // when it was written down
        Column::big_integer("created_at"),
    ];
    create(manager, "consents", columns, &["id"], &[("consents_graduate", &["graduate_id"], false)]).await
}
