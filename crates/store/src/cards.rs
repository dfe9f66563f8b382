//! Cards of graduates and companies. A change is a new version; the old ones stay readable with who wrote them and when.

use bansou_core::audit::Actor;
use bansou_core::card::{Card, CardOf};
use bansou_core::graduate::Support;
use bansou_core::ids::{CardId, EmployerId, GraduateId, StaffId};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde_json::json;
use uuid::Uuid;

use crate::crypto::Place;
use crate::entity::{cards, graduates};
use crate::error::{Result, StoreError};
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, corrupt};

const CARD: Place = Place { table: "cards", column: "card" };

/// A version of a card as stored.
#[derive(Clone)]
pub struct StoredCard {
    /// Whose it is.
    pub of: CardOf,
    /// Which version, counted from 1.
    pub version: i64,
    /// What stands on it.
    pub card: Card,
    /// The day by which it is looked at again, in the office's zone.
    pub review_on: NaiveDate,
    /// When it was written.
    pub saved_at: DateTime<Utc>,
    /// By whom.
    pub saved_by: StaffId,
}

/// A card whose day to look at it again has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardToReview {
    /// Whose it is.
    pub of: CardOf,
    /// The day, in the office's zone.
    pub review_on: NaiveDate,
}

impl Tx {
    /// The card as it holds; `None` where nobody has written one yet.
    pub async fn card(&self, of: CardOf) -> Result<Option<StoredCard>> {
        let row = self.versions(of).filter(cards::Column::ReplacedAt.is_null()).one(&self.conn).await?;
        row.map(|row| self.to_card(&row)).transpose()
    }

    /// The card with its versions before, newest first.
    pub async fn card_versions(&self, of: CardOf, limit: u64) -> Result<Vec<StoredCard>> {
        let rows = self.versions(of).order_by_desc(cards::Column::Version).limit(limit).all(&self.conn).await?;
        rows.iter().map(|row| self.to_card(row)).collect()
    }

    /// Writes a card. `seen` is the version that the writer had before them, 0 for none; refused where another has come since.
    pub async fn save_card(
        &self,
        staff: StaffId,
        of: CardOf,
        seen: i64,
        card: &Card,
        review_on: NaiveDate,
    ) -> Result<()> {
        match of {
            CardOf::Graduate(id) => self.own_graduate(id).await?,
            CardOf::Employer(id) => self.own_employer(id).await?,
        }
        let now = to_ms(self.now());
        if self.card(of).await?.map_or(0, |card| card.version) != seen {
            return Err(StoreError::Refused { what: "changing a card that was changed meanwhile" });
        }
        let (kind, subject) = stored(of);
        cards::Entity::update_many()
            .col_expr(cards::Column::ReplacedAt, Expr::value(Some(now)))
            .filter(cards::Column::OfficeId.eq(self.office.0))
            .filter(cards::Column::SubjectId.eq(subject))
            .filter(cards::Column::Version.eq(seen))
            .exec(&self.conn)
            .await?;
        let id = CardId::new(&self.ambient);
        let row = cards::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            subject_kind: Set(kind.to_owned()),
            subject_id: Set(subject),
            version: Set(seen + 1),
            card: Set(self.seal(CARD, id.0, card)),
            review_on: Set(review_on),
            saved_at: Set(now),
            saved_by: Set(staff.0),
            replaced_at: Set(None),
        };
        row.insert(&self.conn).await?;
        let detail = json!({ "version": seen + 1, "review_on": review_on });
        self.audit(Actor::staff(staff), "card.save", kind, Some(subject), detail).await
    }

    /// Cards that are to be looked at again by `day`, the longest waiting first. Those of people whose support has ended rest.
    pub async fn cards_to_review(&self, day: NaiveDate) -> Result<Vec<CardToReview>> {
        let supported = graduates::Entity::find()
            .select_only()
            .column(graduates::Column::Id)
            .filter(graduates::Column::OfficeId.eq(self.office.0))
            .filter(graduates::Column::Support.ne(Support::Ended.as_str()))
            .into_query();
        let theirs = Condition::any()
            .add(cards::Column::SubjectKind.eq(EMPLOYER))
            .add(cards::Column::SubjectId.in_subquery(supported));
        let rows = cards::Entity::find()
            .filter(cards::Column::OfficeId.eq(self.office.0))
            .filter(cards::Column::ReviewOn.lte(day))
            .filter(Expr::cust("replaced_at IS NULL"))
            .filter(theirs)
            .order_by_asc(cards::Column::ReviewOn)
            .order_by_asc(cards::Column::Id)
            .all(&self.conn)
            .await?;
        rows.iter().map(|row| Ok(CardToReview { of: whose(row)?, review_on: row.review_on })).collect()
    }

    fn versions(&self, of: CardOf) -> sea_orm::Select<cards::Entity> {
        let (kind, subject) = stored(of);
        cards::Entity::find()
            .filter(cards::Column::OfficeId.eq(self.office.0))
            .filter(cards::Column::SubjectId.eq(subject))
            .filter(cards::Column::SubjectKind.eq(kind))
    }

    fn to_card(&self, row: &cards::Model) -> Result<StoredCard> {
        Ok(StoredCard {
            of: whose(row)?,
            version: row.version,
            card: self.open(CARD, row.id, &row.card)?,
            review_on: row.review_on,
            saved_at: from_ms(row.saved_at),
            saved_by: StaffId(row.saved_by),
        })
    }
}

const GRADUATE: &str = "graduate";
const EMPLOYER: &str = "employer";

fn stored(of: CardOf) -> (&'static str, Uuid) {
    match of {
        CardOf::Graduate(id) => (GRADUATE, id.0),
        CardOf::Employer(id) => (EMPLOYER, id.0),
    }
}

fn whose(row: &cards::Model) -> Result<CardOf> {
    match row.subject_kind.as_str() {
        GRADUATE => Ok(CardOf::Graduate(GraduateId(row.subject_id))),
        EMPLOYER => Ok(CardOf::Employer(EmployerId(row.subject_id))),
        _ => Err(corrupt("cards", "subject_kind", row.id)),
    }
}
