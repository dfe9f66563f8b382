//! Signs: suggested by the program with the words that show them, decided by a person.

use bansou_core::audit::Actor;
use bansou_core::ids::{CheckInId, GraduateId, MessageId, NoteId, SignId, StaffId};
use bansou_core::sign::{Decision, Sign, SignCategory, SignLevel, SignSource, SignState, SignStep, SignStepError};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde_json::json;

use crate::crypto::Place;
use crate::entity::signs;
use crate::error::{Result, StoreError};
use crate::scope::PIECE;
use crate::time::{from_ms, to_ms};
use crate::tx::{Tx, code, corrupt};

const QUOTE: Place = Place { table: "signs", column: "quote" };
const WHY: Place = Place { table: "signs", column: "decided_why" };

/// A sign to be written.
#[derive(Clone)]
pub struct NewSign {
    /// About whom.
    pub graduate: GraduateId,
    /// Where it comes from.
    pub source: SignSource,
    /// What it is about.
    pub category: SignCategory,
    /// How clearly the words show it.
    pub level: SignLevel,
    /// The words that show it.
    pub quote: String,
    /// Where the words stand.
    pub place: SignPlace,
}

/// Where the words of a sign stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignPlace {
    /// In a message.
    Message(MessageId),
    /// In a note.
    Note(NoteId),
    /// At a check-in that went unanswered or was answered unlike the ones before.
    CheckIn(CheckInId),
}

/// A sign as it is stored.
#[derive(Clone)]
pub struct PlacedSign {
    /// The sign. Its quote is empty when the person took the message back.
    pub sign: Sign,
    /// Where its words stand.
    pub place: SignPlace,
    /// What the program had suggested, where staff said otherwise.
    pub suggested: Option<(SignCategory, SignLevel)>,
}

impl Tx {
    /// Writes a suggestion of the program. `None` when the same place was suggested for the same category before,
    /// whatever a person decided about it.
    pub async fn suggest_sign(&self, new: &NewSign) -> Result<Option<SignId>> {
        self.touch();
        self.own_graduate(new.graduate).await?;
        if self.sign_at(new).await?.is_some() {
            return Ok(None);
        }
        Ok(Some(self.insert_sign(new, SignStep::Suggested, None).await?))
    }

    /// A member of staff records a sign from a note or from a message's words; it needs no second look. A suggestion for
    /// the same words becomes this sign.
    pub async fn record_sign(&self, staff: StaffId, new: &NewSign) -> Result<SignId> {
        self.own_graduate(new.graduate).await?;
        if let Some(known) = self.sign_at(new).await? {
            if matches!(known.sign.state.step(), SignStep::Suggested | SignStep::Dismissed) {
                self.confirm_sign_as(staff, known.sign.id, "", new.category, new.level).await?;
            }
            return Ok(known.sign.id);
        }
        let id = self.insert_sign(new, SignStep::Confirmed, Some(staff)).await?;
        let detail = json!({ "graduate": new.graduate, "category": new.category, "level": new.level });
        self.audit(Actor::staff(staff), "sign.record", "sign", Some(id.0), detail).await?;
        Ok(id)
    }

    /// One sign.
    pub async fn sign(&self, id: SignId) -> Result<Option<PlacedSign>> {
        let row = signs::Entity::find_by_id(id.0).filter(signs::Column::OfficeId.eq(self.office.0));
        row.one(&self.conn).await?.map(|row| self.to_sign(&row)).transpose()
    }

    /// Signs in any of these steps, clearest first, then oldest; `[Suggested]` are those that wait for a look.
    pub async fn signs_in(&self, steps: &[SignStep], limit: u64) -> Result<Vec<PlacedSign>> {
        let query = signs_in_steps(steps)
            .order_by_desc(signs::Column::Level)
            .order_by_asc(signs::Column::SuggestedAt)
            .order_by_asc(signs::Column::Id);
        self.list_signs(query.limit(limit)).await
    }

    /// How many signs wait for a look.
    pub async fn signs_waiting(&self) -> Result<u64> {
        let query = signs_in_steps(&[SignStep::Suggested]).filter(signs::Column::OfficeId.eq(self.office.0));
        Ok(query.count(&self.conn).await?)
    }

    /// Signs of a graduate, newest first.
    pub async fn signs_of(&self, graduate: GraduateId) -> Result<Vec<PlacedSign>> {
        let query = signs::Entity::find()
            .filter(signs::Column::GraduateId.eq(graduate.0))
            .order_by_desc(signs::Column::SuggestedAt)
            .order_by_desc(signs::Column::Id);
        self.list_signs(query).await
    }

    /// Signs of several graduates, in no order that means anything.
    pub async fn signs_of_people(&self, graduates: &[GraduateId]) -> Result<Vec<PlacedSign>> {
        let mut found = Vec::new();
        for piece in graduates.chunks(PIECE) {
            let ids = piece.iter().map(|id| id.0);
            found.extend(self.list_signs(signs::Entity::find().filter(signs::Column::GraduateId.is_in(ids))).await?);
        }
        Ok(found)
    }

    /// A person agrees that this is a sign.
    pub async fn confirm_sign(&self, staff: StaffId, id: SignId, why: &str) -> Result<()> {
        self.decide_sign(staff, id, why, "sign.confirm", Sign::confirm, None).await
    }

    /// A person agrees that this is a sign, and says of what kind and how clear. What the program suggested is kept.
    pub async fn confirm_sign_as(
        &self,
        staff: StaffId,
        id: SignId,
        why: &str,
        category: SignCategory,
        level: SignLevel,
    ) -> Result<()> {
        self.decide_sign(staff, id, why, "sign.confirm", Sign::confirm, Some((category, level))).await
    }

    /// A person says that this is no sign, and why.
    pub async fn dismiss_sign(&self, staff: StaffId, id: SignId, why: &str) -> Result<()> {
        self.decide_sign(staff, id, why, "sign.dismiss", Sign::dismiss, None).await
    }

    /// Something is being done about it.
    pub async fn act_on_sign(&self, staff: StaffId, id: SignId, why: &str) -> Result<()> {
        self.decide_sign(staff, id, why, "sign.act", Sign::act, None).await
    }

    /// It is over.
    pub async fn resolve_sign(&self, staff: StaffId, id: SignId, why: &str) -> Result<()> {
        self.decide_sign(staff, id, why, "sign.resolve", Sign::resolve, None).await
    }

    pub(crate) async fn list_signs(&self, query: Select<signs::Entity>) -> Result<Vec<PlacedSign>> {
        let rows = query.filter(signs::Column::OfficeId.eq(self.office.0)).all(&self.conn).await?;
        rows.iter().map(|row| self.to_sign(row)).collect()
    }

    async fn decide_sign(
        &self,
        staff: StaffId,
        id: SignId,
        why: &str,
        action: &str,
        step: fn(Sign, Decision) -> Result<Sign, SignStepError>,
        made_of_it: Option<(SignCategory, SignLevel)>,
    ) -> Result<()> {
        let PlacedSign { sign: before, suggested, .. } =
            self.sign(id).await?.ok_or(StoreError::NotFound { what: "sign" })?;
        let (from, was) = (before.state.step(), (before.category, before.level));
        let after = step(before, Decision { at: self.now(), by: staff, why: why.to_owned() })?;
        let mut change = signs::ActiveModel {
            state: Set(after.state.step().as_str().to_owned()),
            decided_at: Set(Some(to_ms(self.now()))),
            decided_by: Set(Some(staff.0)),
            decided_why: Set(Some(self.seal(WHY, id.0, why))),
            ..Default::default()
        };
        let mut detail = json!({ "graduate": after.graduate, "from": from });
        if let Some((category, level)) = made_of_it.filter(|made| *made != was) {
            change.category = Set(category.as_str().to_owned());
            change.level = Set(level.into());
            let first = suggested.unwrap_or(was);
            change.suggested_category = Set(Some(first.0.as_str().to_owned()));
            change.suggested_level = Set(Some(first.1.into()));
            detail["category"] = json!([was.0, category]);
            detail["level"] = json!([was.1, level]);
        }
        let changed = signs::Entity::update_many()
            .set(change)
            .filter(signs::Column::Id.eq(id.0))
            .filter(signs::Column::OfficeId.eq(self.office.0))
            .filter(signs::Column::State.eq(from.as_str()))
            .exec(&self.conn)
            .await?;
        if changed.rows_affected == 0 {
            return Err(StoreError::Refused { what: "a decision that came too late" });
        }
        self.audit(Actor::staff(staff), action, "sign", Some(id.0), detail).await
    }

    async fn sign_at(&self, new: &NewSign) -> Result<Option<PlacedSign>> {
        let at_place = match new.place {
            SignPlace::Message(id) => signs::Column::MessageId.eq(id.0),
            SignPlace::Note(id) => signs::Column::NoteId.eq(id.0),
            SignPlace::CheckIn(id) => signs::Column::CheckInId.eq(id.0),
        };
        let query = signs::Entity::find()
            .filter(signs::Column::GraduateId.eq(new.graduate.0))
            .filter(
                signs::Column::Category
                    .eq(new.category.as_str())
                    .or(signs::Column::SuggestedCategory.eq(new.category.as_str())),
            )
            .filter(at_place)
            .limit(1);
        Ok(self.list_signs(query).await?.pop())
    }

    async fn insert_sign(&self, new: &NewSign, step: SignStep, decided_by: Option<StaffId>) -> Result<SignId> {
        let id = SignId::new(&self.ambient);
        let now = to_ms(self.now());
        let (mut message, mut note, mut check_in) = (None, None, None);
        match new.place {
            SignPlace::Message(id) => message = Some(id.0),
            SignPlace::Note(id) => note = Some(id.0),
            SignPlace::CheckIn(id) => check_in = Some(id.0),
        }
        signs::ActiveModel {
            id: Set(id.0),
            office_id: Set(self.office.0),
            graduate_id: Set(new.graduate.0),
            source: Set(new.source.as_str().to_owned()),
            category: Set(new.category.as_str().to_owned()),
            level: Set(new.level.into()),
            quote: Set(self.seal(QUOTE, id.0, &new.quote)),
            message_id: Set(message),
            note_id: Set(note),
            check_in_id: Set(check_in),
            state: Set(step.as_str().to_owned()),
            suggested_at: Set(now),
            decided_at: Set(decided_by.map(|_| now)),
            decided_by: Set(decided_by.map(|id| id.0)),
            decided_why: Set(decided_by.map(|_| self.seal(WHY, id.0, ""))),
            suggested_category: Set(None),
            suggested_level: Set(None),
        }
        .insert(&self.conn)
        .await?;
        Ok(id)
    }

    fn to_sign(&self, row: &signs::Model) -> Result<PlacedSign> {
        let unreadable = |column| corrupt("signs", column, row.id);
        let place = match (row.message_id, row.note_id, row.check_in_id) {
            (Some(id), _, _) => SignPlace::Message(MessageId(id)),
            (_, Some(id), _) => SignPlace::Note(NoteId(id)),
            (_, _, Some(id)) => SignPlace::CheckIn(CheckInId(id)),
            (None, None, None) => return Err(unreadable("message_id")),
        };
        let decision = match (row.decided_at, row.decided_by) {
            (Some(at), Some(by)) => {
                let why: Option<String> = self.open_some(WHY, row.id, row.decided_why.as_ref())?;
                Some(Decision { at: from_ms(at), by: StaffId(by), why: why.unwrap_or_default() })
            }
            _ => None,
        };
        let step = code("signs", "state", row.id, &row.state)?;
        let sign = Sign {
            id: SignId(row.id),
            graduate: GraduateId(row.graduate_id),
            source: code("signs", "source", row.id, &row.source)?,
            category: code("signs", "category", row.id, &row.category)?,
            level: row.level.try_into().map_err(|_| unreadable("level"))?,
            quote: self.open(QUOTE, row.id, &row.quote)?,
            suggested_at: from_ms(row.suggested_at),
            state: SignState::from_parts(step, decision).ok_or_else(|| unreadable("decided_at"))?,
        };
        let suggested = match (&row.suggested_category, row.suggested_level) {
            (Some(word), Some(level)) => Some((
                code("signs", "suggested_category", row.id, word)?,
                level.try_into().map_err(|_| unreadable("suggested_level"))?,
            )),
            _ => None,
        };
        Ok(PlacedSign { sign, place, suggested })
    }
}

/// Confirmed signs of trouble that nobody has acted upon: no step was taken, and no request to an employer that has left rests on them.
pub(crate) fn signs_to_act_on() -> Select<signs::Entity> {
    const NO_REQUEST: &str = "NOT EXISTS (SELECT 1 FROM escalations WHERE escalations.graduate_id = signs.graduate_id
        AND escalations.sign_id = signs.id AND escalations.state NOT IN ('draft', 'read', 'withdrawn'))";
    signs_in_steps(&[SignStep::Confirmed])
        .filter(signs::Column::Category.ne(SignCategory::Positive.as_str()))
        .filter(Expr::cust(NO_REQUEST))
}

pub(crate) fn signs_in_steps(steps: &[SignStep]) -> Select<signs::Entity> {
    signs::Entity::find().filter(signs::Column::State.is_in(steps.iter().map(|step| step.as_str())))
}
