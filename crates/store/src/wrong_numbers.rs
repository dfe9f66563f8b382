//! A number at which somebody else answers: used by nobody any more, and the right one has to be asked for.

use bansou_core::audit::Actor;
use bansou_core::ids::{ContactPointId, GraduateId};
use bansou_core::task::{TaskKind, TaskReason};

use crate::error::Result;
use crate::tasks::{NewTask, TaskState};
use crate::tx::Tx;

impl Tx {
    /// Somebody else answered at this version of a person's number. It is marked as unreachable, wherever the person has it,
    /// and staff are asked to find the right one. Nothing happens where the number has been changed in between.
    pub async fn number_is_wrong(
        &self,
        actor: Actor,
        graduate: GraduateId,
        id: ContactPointId,
        version: i64,
    ) -> Result<()> {
        let points = self.contact_points(graduate).await?;
        let Some(wrong) = points.iter().find(|point| point.id == id && point.version == version) else { return Ok(()) };
        for point in points.iter().filter(|point| point.address == wrong.address) {
            self.set_reachability(actor, point.id, point.reach.invalid(self.now())).await?;
        }
        self.wake_planner(graduate).await?;
        let key = format!("wrong-number:{id}:{version}");
        let task = NewTask::program(TaskKind::Reach, TaskReason::WrongNumber, key, self.now());
        self.add_task(&NewTask { graduate: Some(graduate), ..task }).await?;
        Ok(())
    }

    /// The right number is on record: nobody has to ask for it any more.
    pub async fn number_is_right(&self, actor: Actor, graduate: GraduateId) -> Result<()> {
        for task in self.tasks_of(graduate).await? {
            if task.state == TaskState::Open && task.reason == TaskReason::WrongNumber {
                self.finish_task(actor, task.id).await?;
            }
        }
        Ok(())
    }
}
