//! What changes something: one file per noun and verb. Each reads its form, refuses with 422 and the page again, does its
//! work in one unit of work, and answers 303.

pub mod account_password;
pub mod call_finish;
pub mod consent_record;
pub mod crisis_step;
pub mod delivery_decide;
pub mod employer_answer;
pub mod escalation_draft;
pub mod escalation_send;
pub mod escalation_step;
pub mod graduate_add;
pub mod graduate_edit;
pub mod graduate_pause;
pub mod graduate_resume;
pub mod graduate_stop;
pub mod invite_make;
pub mod job_save;
pub mod me_consent;
pub mod me_link;
pub mod me_read;
pub mod me_rest;
pub mod message_reply;
pub mod note_correct;
pub mod note_save;
pub mod session_begin;
pub mod session_end;
pub mod settings_message;
pub mod settings_office;
pub mod settings_sending;
pub mod settings_staff;
pub mod sign_decide;
pub mod stranger_bind;
pub mod task_done;
pub mod task_later;
pub mod thread_close;
pub mod undo;
