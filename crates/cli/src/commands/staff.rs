//! `bansou staff add`: an account for a member of staff.

use std::io::Write as _;

use bansou_core::audit::Actor;
use bansou_core::contact::EmailAddress;
use bansou_core::staff::StaffProfile;
use bansou_store::StoreError;
use bansou_web::password;

use crate::ambient;
use crate::args::StaffArgs;
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::opening::{self, Schema};
use crate::terminal::Terminal;

/// Adds the account with its password in one unit of work.
pub(crate) async fn add(config: &Config, wanted: Option<&str>, args: &StaffArgs, terminal: &mut Terminal) -> Done {
    let email = EmailAddress::parse(&args.email).map_err(|_| Failure::usage("--email: is no e-mail address"))?;
    let name = args.name.trim();
    if name.is_empty() {
        return Err(Failure::usage("--name: is empty"));
    }
    let ambient = ambient::of_the_system();
    let given = given_password(args, terminal)?;
    let is_made = given.is_none();
    let password = given.unwrap_or_else(|| password::generate(&ambient));
    password::check(&password).map_err(Failure::usage)?;

    let store = opening::open(config, ambient.clone(), Schema::AsConfigured).await?;
    let office = opening::office(&store, wanted).await?;
    let profile = StaffProfile { name: name.to_owned(), email: email.as_str().to_owned() };
    let hash = password::hash(&password, &ambient);
    let tx = store.begin(office.id).await?;
    let id = tx.add_staff(Actor::COMMAND, &profile, args.role, args.language).await.map_err(|error| match error {
        StoreError::Duplicate { .. } => Failure::failed("--email: this address has an account already"),
        other => other.into(),
    })?;
    tx.set_password_hash(Actor::COMMAND, id, &hash).await?;
    tx.save().await?;
    store.close().await?;
    writeln!(terminal.out, "{} can sign in as {} ({}).", name, email.as_str(), args.role)?;
    if is_made {
        writeln!(terminal.out, "Password, shown only now: {password}")?;
    }
    Ok(())
}

fn given_password(args: &StaffArgs, terminal: &mut Terminal) -> Done<Option<String>> {
    if let Some(path) = &args.password_file {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("--password-file: {}: {error}", path.display())))?;
        return Ok(Some(text.lines().next().unwrap_or_default().to_owned()));
    }
    if args.ask {
        return Ok(Some(terminal.ask_secret("Password (it isn't shown while you type):")?));
    }
    Ok(None)
}
