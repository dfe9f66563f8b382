//! As much HTTP/1.1 as two programs on one machine need. By hand, because a provider that goes wrong has to break off in the
//! middle of it.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than anything that is said here.
const LONGEST: usize = 1_000_000;

/// One request, or the answer to one.
pub(super) struct Said {
    /// The first line.
    pub(super) line: String,
    /// By name in small letters.
    pub(super) headers: HashMap<String, String>,
    pub(super) body: Vec<u8>,
}

impl Said {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The second word of the first line: a request's target, an answer's status.
    pub(super) fn second_word(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }
}

/// Reads the next message; `None` when the other side has closed in between.
pub(super) async fn read(stream: &mut TcpStream, left: &mut Vec<u8>) -> io::Result<Option<Said>> {
    let head = loop {
        if let Some(at) = left.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if left.len() > LONGEST || stream.read_buf(left).await? == 0 {
            return if left.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
    };
    let text = String::from_utf8_lossy(&left[..head]).into_owned();
    let mut lines = text.lines();
    let line = lines.next().unwrap_or_default().to_owned();
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers: HashMap<String, String> =
        headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    let length: usize = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while left.len() < head + length {
        if length > LONGEST || stream.read_buf(left).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let rest = left.split_off(head + length);
    let body = left.split_off(head);
    *left = rest;
    Ok(Some(Said { line, headers, body }))
}

/// Posts a body over a connection of its own and gives the answer's status.
pub(super) async fn post(to: SocketAddr, head: &str, body: &[u8], patience: Duration) -> io::Result<u16> {
    let talk = async {
        let mut stream = TcpStream::connect(to).await?;
        let length = body.len();
        let head = format!("POST {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        let said = read(&mut stream, &mut Vec::new()).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
        said.second_word().parse().map_err(|_| io::Error::from(io::ErrorKind::InvalidData))
    };
    timeout(patience, talk).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
