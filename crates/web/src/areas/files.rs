//! What came with a message, as a file inside its thread: never as a page, whatever is in it.

use axum::extract::Path;
use bansou_core::attachment::MediaType;
use bansou_core::ids::{GraduateId, MessageId};
use http::{HeaderMap, HeaderValue, header};

use crate::errors::Failure;
use crate::headers::FILE_SECURITY_POLICY;
use crate::range;
use crate::routes::Routes;
use crate::signed::{Answer, Signed};

/// The routes.
pub fn routes() -> Routes {
    Routes::new().get("/inbox/{graduate}/files/{message}", file)
}

async fn file(signed: Signed, Path((graduate, message)): Path<(GraduateId, MessageId)>, asked: HeaderMap) -> Answer {
    // Seeing what somebody sent is a look at the person, like their thread.
    let noted = signed.begin().await?;
    noted.note_read(signed.actor(), graduate).await?;
    noted.save().await?;
    let tx = signed.read().await?;
    let Some((what, bytes)) = tx.attachment(graduate, message).await? else { return Err(Failure::NotFound) };
    let mut response = range::answer(&asked, bytes);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(what.as_str()));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition(what)));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_SECURITY_POLICY));
    Ok(response)
}

/// Under which name it is saved: one that says nothing about anybody.
const fn disposition(what: MediaType) -> &'static str {
    match what {
        MediaType::Jpeg => "inline; filename=\"picture.jpg\"",
        MediaType::Png => "inline; filename=\"picture.png\"",
        MediaType::Gif => "inline; filename=\"picture.gif\"",
        MediaType::Webp => "inline; filename=\"picture.webp\"",
        MediaType::Mp4Audio => "inline; filename=\"voice.m4a\"",
    }
}
